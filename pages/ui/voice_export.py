"""Export: refused while lines are unread unless somebody says why; one zip with its manifest."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import loaded, progress, text, voice_views, workspace
from synth_core.errors import VoiceError
from synth_core.runs import Run
from synth_core.voice.export_formats import FORMATS
from synth_core.voice.records import Batch, Brand, Decision, Profile
from synth_core.voice.review import Tally, tally


def section() -> None:
    """The run to export, what is asked for, the archive."""
    info = voice_views.need_brand()
    run = voice_views.pick_run("voice", info, "Lines")
    if run is None:
        with st.container(border=True):
            st.markdown("No new lines yet. Write some and read them; then they can be exported here.")
            voice_views.go("Write lines", "write", key="voice-empty-write")
        return
    if not progress.finished(run):
        return
    batch = loaded.result(run)
    brand = voice_views.stored(run.spec["brand"])
    decisions = workspace.reviews().decisions(run.id)
    counts = tally(batch, decisions)
    if not any(v.passed for v in batch.verdicts):
        st.info("No line of this run passed the gates, so there is nothing to export.")
        return
    override = _unread(run, counts)
    formats, validation, approved, seed = _asked()
    _offer(run, batch, brand, decisions, counts, override, formats, validation, approved, seed)


def _unread(run: Run, counts: Tally) -> str:
    """What was decided; where lines are unread, the way back and the reason for exporting them all the same."""
    st.markdown(
        f"**{text.count(counts.kept)}** kept · **{text.count(counts.edited)}** edited · "
        f"**{text.count(counts.rejected)}** rejected · **{text.count(counts.pending)}** not read"
    )
    if not counts.pending:
        return ""
    lines = "1 line has" if counts.pending == 1 else f"{text.count(counts.pending)} lines have"
    st.warning(
        f"**{lines} not been read.** The gates do not detect nonsense, so the export is closed until every line is "
        "decided on, or until somebody answers for it. The reason is written into the manifest.",
        icon=":material/lock:",
    )
    with st.container(horizontal=True, key="voice-export-back"):
        voice_views.go("Go on reading", "review", key="voice-back-review", run=run.id)
    return st.text_input(
        "Or: why are unread lines exported?", key=f"voice-override-{run.id}", persist_state="session", max_chars=300,
        placeholder="for example: trial run, not for production (A. Reader)",
    ).strip()  # fmt: skip


def _asked() -> tuple[tuple[str, ...], float, bool, int]:
    st.markdown("**Formats**")
    with st.container(horizontal=True, key="voice-formats"):
        formats = tuple(
            key for key, name in FORMATS.items()
            if st.checkbox(name, True, key=f"voice-format-{key}", persist_state="session")
        )  # fmt: skip
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    share = left.number_input("Validation, in % of the lines", 0, 50, 10, 5, key="voice-validation",
                              persist_state="session")  # fmt: skip
    seed = middle.number_input("Seed", 0, 2**31 - 1, 7, key="voice-export-seed", persist_state="session",
                               help="The same seed gives the same split.")  # fmt: skip
    approved = right.checkbox("With the approved lines", True, key="voice-with-approved", persist_state="session")
    return formats, share / 100, approved, int(seed)


def _offer(
    run: Run, batch: Batch, brand: Brand, decisions: dict[str, Decision], counts: Tally, override: str,
    formats: tuple[str, ...], validation: float, approved: bool, seed: int,
) -> None:  # fmt: skip
    """The split, the download, the manifest."""
    if counts.pending and not override:
        return
    if not formats:
        st.caption("Tick at least one format.")
        return
    profile, of = _profile(run)
    said = tuple(sorted((d.line, d.verdict, d.text, d.reason) for d in decisions.values()))
    try:
        packed = _archive(
            str(workspace.workspace()), run.id, said, formats, validation, approved, override, seed, of,
            batch, brand, decisions, profile,
        )  # fmt: skip
    except VoiceError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        manifest = json.loads(files.read("manifest.json"))
        names = files.infolist()
    _split(manifest)
    if "preferences" in formats and not manifest["preference_pairs"]["pairs"]:
        st.caption(
            "No preference pairs yet: they come from edited lines, and from rejected ones with a kept line like them."
        )
    if profile is None:
        st.caption("This version of the brand has no profile (step 2), so the manifest lacks the classifier's figures.")
    stem = re.sub(r"[^A-Za-z0-9]+", "-", f"voice {brand.name} {run.id[:8]}").strip("-").lower()
    st.download_button(
        f"Fine-tuning set (ZIP, {len(packed) / 1024:,.0f} kB)", packed, f"{stem}.zip", "application/zip",
        type="primary", icon=":material/download:", on_click="ignore", key="voice-download",
    )  # fmt: skip
    with st.expander("Manifest", icon=":material/description:"):
        st.dataframe(
            pd.DataFrame({"File": [f.filename for f in names], "Bytes": [f.file_size for f in names]}),
            hide_index=True, height="content", alt="Files in the archive",
        )  # fmt: skip
        st.json(manifest, expanded=1)


def _split(manifest: dict[str, Any]) -> None:
    """Sizes, and what the two sides have in common."""
    split = manifest["split"]
    cells = [
        ("Training", text.count(split["train"])), ("Validation", text.count(split["validation"])),
        ("Left out", text.count(split["left_out"])), ("In both", text.count(split["exact_overlap"])),
        ("Largest similarity", f"{split['largest_similarity']:.0f} of 100"),
    ]  # fmt: skip
    with st.container(horizontal=True, gap="large", key="voice-split"):
        for label, value in cells:
            st.metric(label, value, width="content")
    st.caption(
        "Split by family: lines that share an approved line, or are nearly the same, stay on one side. Left out: lines "
        "that stem from approved lines of both sides."
    )
    if split["closest_lines"]:
        pair = " | ".join(f"“{text.literal(line)}”" for line in split["closest_lines"])
        st.caption(f"The most similar pair across the sides: {pair}")
    for warning in manifest["warnings"]:
        st.info(text.literal(warning), icon=":material/info:")


def _profile(run: Run) -> tuple[Profile | None, str]:
    """The latest profile of the same version of the brand."""
    for found in workspace.store().list():
        if found.task == "voice_check" and found.state == "succeeded" and found.spec["brand"] == run.spec["brand"]:
            return loaded.result(found), found.id
    return None, ""


@st.cache_data(max_entries=4, show_spinner="Putting the archive together …")
def _archive(
    folder: str, run: str, said: tuple, formats: tuple[str, ...], validation: float, approved: bool, override: str,
    seed: int, profile: str, _batch: Batch, _brand: Brand, _decisions: dict[str, Decision], _profile: Profile | None,
) -> bytes:  # fmt: skip
    from synth_core.voice.export import archive  # the gates and pyarrow's writer: only where something is exported

    return archive(_batch, _brand, _decisions, run=run, formats=formats, validation=validation, approved=approved,
                   override=override, profile=_profile, seed=seed)  # fmt: skip
