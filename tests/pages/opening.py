"""Opening a page without a browser, and reading what it says."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pages.ui.frame import path_of


def open_page(name: str, **query: str) -> AppTest:
    """Page ``name`` after its first run, with ``query`` in its address."""
    app = AppTest.from_file(str(path_of(name)), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """Every sentence on the page."""
    return " ".join(e.value for kind in (app.error, app.warning, app.info, app.markdown, app.caption) for e in kind)
