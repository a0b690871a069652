"""Entry point: ``streamlit run app.py``."""

from pages.ui.frame import navigation

navigation().run()
