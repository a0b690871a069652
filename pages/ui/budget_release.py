"""What leaves the tool after a private run: the rows and their certificate, and nothing else unasked."""

from __future__ import annotations

import json

import streamlit as st

from pages.ui import downloads, imported, text
from pages.ui.frame import guard
from synth_core.generators.dp.certificate import certificate, to_markdown
from synth_core.reports.dp import one_in, unit
from synth_core.runs import Run

_OUTSIDE = (
    "Real rows, and figures computed from them without noise, are **outside the guarantee**: whoever gets them can "
    "learn more about a person than ε allows."
)


def offer(run: Run, found) -> None:
    """Rows and certificate; what is outside the guarantee only after a confirmation."""
    stem, release = downloads.stem_of(run), found.release
    with guard():
        st.info(
            f"**Private rows:** ε = {release.epsilon:g}, δ = {one_in(release.delta)}, protected is "
            f"{text.literal(unit(release))}. Rows and certificate may be handed out together.",
            icon=":material/encrypted:",
        )
        with st.container(horizontal=True, key="downloads"):
            downloads.rows(found, stem)
            content = certificate(release, found.schema)
            downloads.button(
                "Certificate (Markdown)", to_markdown(content), f"{stem}-certificate.md", "text/markdown", "certificate"
            )
            downloads.button(
                "Certificate (JSON)", json.dumps(content, ensure_ascii=False, indent=1), f"{stem}-certificate.json",
                "application/json", "certificate-json",
            )  # fmt: skip
            downloads.generator(found, stem)
        outside = imported.has_table(run) and st.checkbox(
            "Also offer what is outside the guarantee", key=f"outside-{run.id}", help=_OUTSIDE
        )
        if outside:
            st.warning(_OUTSIDE, icon=":material/gpp_maybe:")
            with st.container(horizontal=True, key="downloads-outside"):
                downloads.combined(found, stem)
                downloads.button(
                    "Fidelity figures (JSON)", (found.folder / "fidelity.json").read_bytes, f"{stem}-fidelity.json",
                    "application/json", "fidelity", about="How close the rows are to the real ones, without noise.",
                )  # fmt: skip
        st.caption(
            "Not compared with the real identifiers: what that comparison finds would itself tell about the real rows."
        )
        downloads.notes(found, combined=outside)
