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


def words(app: AppTest) -> str:
    """Headings, sentences, captions, and what stands in HTML of our own."""
    kinds = (app.markdown, app.caption, app.success, app.header, app.get("html"))
    return " ".join(str(getattr(e, "value", None) or getattr(e.proto, "body", "")) for kind in kinds for e in kind)


def alt_texts(app: AppTest) -> list[str]:
    """What the charts say to those who do not see them."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def buttons(app: AppTest) -> set[str]:
    """Labels of the buttons."""
    return {b.label for b in app.button}


def table(app: AppTest, first_column: str):
    """The table whose first column has that header."""
    return next(d.value for d in app.dataframe if d.value.columns[0] == first_column)


def press(app: AppTest, label: str) -> AppTest:
    """The page after a click on the button ``label``."""
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception
    return app
