"""What surrounds every page: config, logo, navigation, title, and the one place where errors become sentences."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import streamlit as st

from pages.ui import access
from synth_core.errors import SynthError
from synth_core.machine import trouble

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
ICONS = {
    "Start": ":material/home:",
    "Guide": ":material/school:",
    "Data": ":material/table_view:",
    "Blueprint": ":material/architecture:",
    "Generate": ":material/auto_awesome_motion:",
    "Fidelity": ":material/compare_arrows:",
    "Privacy": ":material/shield_lock:",
    "Budget": ":material/account_balance:",
    "Lift": ":material/trending_up:",
    "Prospective": ":material/event_upcoming:",
    "Journeys": ":material/route:",
    "Voice": ":material/record_voice_over:",
    "Report": ":material/description:",
    "Runs": ":material/history:",
}
_UNEXPECTED = (
    "Something went wrong on this page. Nothing stored is lost: reload the page, or open it again from Runs. The "
    "details are in the server's log."
)
_log = logging.getLogger("studio.pages")


def path_of(name: str) -> Path:
    """The script of page ``name``."""
    return ROOT / "pages" / f"{name}.py"


def navigation() -> st.Page:
    """Set up the whole app and return the page that the address asks for."""
    st.set_page_config(page_title="Synthetic Data Studio", page_icon=str(ASSETS / "icon.png"), layout="wide")
    st.logo(str(ASSETS / "logo.svg"), size="large")
    pages = [st.Page(path_of(name), title=name, icon=icon, default=name == "Start") for name, icon in ICONS.items()]
    asked = st.navigation(pages, position="top" if access.admitted() else "hidden")
    access.gate()
    return asked


class _Guard:
    """Turns an exception into one plain sentence; the traceback goes to the log only."""

    def __init__(self, *, way_on: bool = False) -> None:
        self.way_on = way_on  #: whether nothing else is left on the page, so that a link has to lead on

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        if isinstance(error, SynthError):
            st.error(str(error), icon=":material/error:")
            self._lead_on()
            return True
        if isinstance(error, Exception):
            _log.error("page failed", exc_info=(kind, error, trace))
            st.error(trouble(error) or _UNEXPECTED, icon=":material/error:")
            self._lead_on()
            return True
        return False  # Streamlit's own stop and rerun signals pass

    def _lead_on(self) -> None:
        if self.way_on:
            st.page_link(path_of("Start"), label="Your tables and runs", icon=":material/home:")


def guard() -> _Guard:
    """Context in which errors are shown as sentences."""
    return _Guard()


@contextmanager
def page(title: str, lede: str = "") -> Iterator[None]:
    """Everything a page script needs around its body.

    A deep link on a fresh server runs the page script without ``app.py``, so each page sets up the app itself;
    doing it twice in one run is harmless. Nothing of a page is shown or read before the gate in :func:`navigation`.
    """
    navigation()
    st.set_page_config(page_title=f"{title} · Synthetic Data Studio")
    st.html(ASSETS / "app.css")
    with guard():
        access.account()
    st.title(title, anchor=False)
    if lede:
        st.markdown(lede)
    with _Guard(way_on=True):
        yield


def go(name: str, **params: str) -> None:
    """Switch to page ``name`` with ``params`` in its address (empty ones are left out)."""
    st.switch_page(path_of(name), query_params={k: v for k, v in params.items() if v})


def empty(text: str, *, button: str = "Choose a table", to: str = "Start") -> None:
    """An empty state: what is missing and the one button that helps; stops the page."""
    with st.container(border=True):
        st.markdown(text)
        if st.button(button, type="primary", key="empty-go"):
            go(to)
    st.stop()
