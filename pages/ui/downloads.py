"""Downloads of generated rows."""

from __future__ import annotations

import re

import streamlit as st

from pages.ui import imported, text
from pages.ui.frame import guard
from synth_core.runs import Run
from synth_core.tables import export
from synth_core.tables.release import chosen, repeated
from synth_core.tables.schema import RELEASES, Release

PARQUET = "application/vnd.apache.parquet"
_OF_PACK = (
    f"{imported.ABSENT}: these rows were compared with it when the pack was made, which cannot be repeated here, and "
    "“Real + synthetic” is not offered."
)
_REAL = {Release.DROP: "left blank", Release.FAKE: "replaced by invented values", Release.HASH: "replaced by codes"}


def offer(run: Run, found) -> None:
    """Synthetic CSV and Parquet, the real training rows with the synthetic ones, and the fitted generator."""
    stem = stem_of(run)
    with guard():
        if not imported.has_table(run):
            with st.container(horizontal=True, key="downloads"):
                rows(found, stem)
            st.caption(_OF_PACK)
            notes(found, combined=False)
            return
        closed = not _checked(found)
        with st.container(horizontal=True, key="downloads"):
            rows(found, stem, closed=closed)
            combined(found, stem, closed=closed)
            generator(found, stem)
        notes(found, combined=True)


def stem_of(run: Run) -> str:
    """How the files of ``run`` begin."""
    return re.sub(r"[^A-Za-z0-9]+", "-", f"synthetic {run.spec['generator']} {run.id[:8]}").strip("-")


def rows(found, stem: str, *, closed: bool = False) -> None:
    """The synthetic rows."""
    button("Synthetic rows (CSV)", lambda: export.to_csv_bytes(found.synthetic, found.schema), f"{stem}.csv",
           "text/csv", "csv", closed)  # fmt: skip
    button("Synthetic rows (Parquet)", lambda: export.to_parquet_bytes(found.synthetic, found.schema),
           f"{stem}.parquet", PARQUET, "parquet", closed)  # fmt: skip


def combined(found, stem: str, *, closed: bool = False) -> None:
    """The real training rows and the synthetic ones."""
    button("Real + synthetic (CSV)", lambda: _both(found), f"{stem}-combined.csv", "text/csv", "combined", closed,
           "The real training rows and the synthetic ones, with a column is_synthetic. The holdout stays "
           "out.")  # fmt: skip


def generator(found, stem: str) -> None:
    """The fitted generator, where it can be saved."""
    if found.saved:
        button("Save generator", found.saved.read_bytes, f"{stem}-generator.zip", "application/zip", "generator", False,
               "What was learned, without real rows: more rows whenever you like, from “Sample from a saved "
               "generator”.")  # fmt: skip


def notes(found, *, combined: bool) -> None:
    """What to know of the files; of ``combined`` only where it is offered."""
    if combined and (said := _said_of_real_rows(found.schema)):
        st.caption(said)
    if reason := found.summary.get("not_saved"):
        st.caption(f"This generator cannot be saved: {reason}")
    st.caption("Text that a spreadsheet would run as a formula is neutralised in the CSV files.")


def button(label: str, data, name: str, mime: str, key: str, closed: bool = False, about: str | None = None) -> None:
    """One download."""
    st.download_button(
        label, data, name, mime, key=f"download-{key}", icon=":material/download:", on_click="ignore",
        disabled=closed, help=about,
    )  # fmt: skip


def _both(found) -> bytes:
    return export.to_csv_bytes(export.combined(found.train, found.synthetic, found.schema), found.schema)


def _checked(found) -> bool:
    """Compare set-aside columns with the real ones value by value, and say what came of it."""
    aside = [text.literal(c.name) for c in found.schema if c.role in RELEASES and chosen(c) is not Release.DROP]
    if broken := _repeated(str(found.folder), found):
        listed = "; ".join(f"“{name}” in {text.count(n)} row{'s' * (n > 1)}" for name, n in broken.items())
        st.error(
            f"Synthetic rows hold real values of columns that must not leave: {listed}. The downloads are closed. "
            "Generate the rows again, or choose “Blank” for these columns on the Data page.",
            icon=":material/lock:",
        )
    elif aside:
        st.caption(f"Checked value by value: no synthetic row holds a real value of {', '.join(aside)}.")
    return not broken


@st.cache_data(max_entries=16, show_spinner="Comparing with the real values …")
def _repeated(folder: str, _found) -> dict[str, int]:
    return repeated(_found.real, _found.synthetic, _found.schema)


def _said_of_real_rows(schema) -> str:
    """How real values come out of the combined file; empty where nothing is set aside."""
    groups: dict[str, list[str]] = {}
    for column in schema:
        if column.role in RELEASES:
            groups.setdefault(_REAL[chosen(column)], []).append(text.literal(column.name))
    if not groups:
        return ""
    listed = "; ".join(f"{', '.join(names)} {how}" for how, names in groups.items())
    return f"In “Real + synthetic” no real value of these columns is left in the real rows either: {listed}."
