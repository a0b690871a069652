"""A finished report: what it says, its files, and how it looks."""

from __future__ import annotations

import json
from html import escape

import streamlit as st

from pages.ui import text, workspace
from synth_core.errors import RunError
from synth_core.reports.pack_names import slug
from synth_core.runs import Run

_PRINT = (
    "No Chromium was found on the server, so there is no PDF. Open the HTML file in any browser and print it to PDF: "
    "A4, with background graphics."
)
_FRAME = (
    '<!DOCTYPE html><html lang="en"><title>Preview</title><style>html, body, iframe {{ margin: 0; border: 0; '
    'width: 100%; height: 100%; display: block; }}</style><iframe sandbox="allow-scripts" title="The report" '
    'srcdoc="{}"></iframe></html>'
)


def show(run: Run) -> None:
    """Downloads, then the report itself."""
    folder = workspace.store().folder(run.id)
    facts, page, pdf = _facts(folder), folder / "report.html", folder / "report.pdf"
    whom = f" for {text.literal(facts['client'])}" if facts["client"] else ""
    st.success(f"The report{whom} is one file of {page.stat().st_size / 1e6:.1f} MB that opens without network.",
               icon=":material/check_circle:")  # fmt: skip
    with st.container(horizontal=True, key="report-files"):
        _button("Report (HTML)", page.read_bytes, f"{stem(run, facts)}.html", "text/html", "html", primary=True)
        if pdf.is_file():
            _button("Report (PDF)", pdf.read_bytes, f"{stem(run, facts)}.pdf", "application/pdf", "pdf")
    if not pdf.is_file():
        st.caption(_PRINT)
    st.header("Preview", anchor=False)
    st.iframe(_framed(str(page), page.stat().st_mtime_ns), height=860, alt=f"Preview of the report {facts['title']}")


def stem(run: Run, facts: dict) -> str:
    """How its files begin: ASCII, whatever names are in it."""
    return "-".join(p for p in ("report", slug(facts["client"]), slug(facts["title"], 30), run.id[:8]) if p)


def _facts(folder) -> dict:
    try:
        return json.loads((folder / "report.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunError("The files of this report are damaged. Make the report again.") from error


@st.cache_data(max_entries=4, show_spinner=False)
def _framed(path: str, changed: int) -> str:
    """The report in a frame whose origin is nobody's: nothing in it can reach the app around it."""
    with open(path, encoding="utf-8") as file:
        return _FRAME.format(escape(file.read()))


def _button(label: str, data, name: str, mime: str, key: str, *, primary: bool = False) -> None:
    st.download_button(label, data, name, mime, key=f"download-{key}", icon=":material/download:",
                       type="primary" if primary else "secondary", on_click="ignore")  # fmt: skip
