"""The card of a frozen scorer: what it is, and its files to take away."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui import text
from synth_core.prospective.scorer import Scorer


def show(scorer: Scorer, path: Path, key: str) -> None:
    """Both models side by side, what is needed to repeat them, and the downloads."""
    card = scorer.card
    st.table(
        pd.DataFrame(
            {
                "": ["Model", "Real training rows", "Synthetic rows added", "AUC on the locked holdout"],
                "Real rows only": [card.reference_title, text.count(card.train_rows), "0", _auc(card.auc_reference)],
                "With synthetic rows": [
                    card.arm_title, text.count(card.train_rows), text.count(card.added_rows), _auc(card.auc_arm),
                ],
            }
        ).map(text.literal),
        border="horizontal", hide_index=True, alt="Both frozen models side by side",
    )  # fmt: skip
    libraries = ", ".join(f"{name} {version}" for name, version in card.versions)
    st.caption(
        f"Predicts {text.literal(card.target)} = {text.literal(card.positive)} from {len(card.features)} features · "
        f"table {text.literal(card.table)}, fingerprint {card.data_hash[:12]} · "
        f"{text.share(card.base_rate)} positive · seed {card.seed} · scorer {card.id[:12]} · {libraries} · frozen "
        f"{text.when(card.created)}"
    )
    stem = re.sub(r"[^A-Za-z0-9]+", "-", f"scorer {card.name}").strip("-").lower()
    with st.container(horizontal=True, key=f"scorer-files-{key}"):
        _download("Both models (scorer.zip)", path.read_bytes, f"{stem}.zip", "application/zip", f"zip-{key}")
        _download(
            "Model card (Markdown)", lambda: scorer.parts["card.md"], f"{stem}-card.md", "text/markdown", f"card-{key}"
        )
    st.caption(
        "The file holds no row of the table. Anyone with this package can score with it; a changed file is refused."
    )


def _download(label: str, data, name: str, mime: str, key: str) -> None:
    st.download_button(label, data, name, mime, key=f"download-{key}", icon=":material/download:", on_click="ignore")


def _auc(value: float | None) -> str:
    return "not looked at" if value is None else text.score(value)
