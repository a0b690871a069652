"""Lesson: GANs and VAEs, trained while you wait."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures import points
from synth_core.advice.miniatures.records import Trained
from synth_core.charts.guide_points import guide_training

_KINDS = {"gan": "GAN", "vae": "VAE"}


def lesson() -> None:
    """A small network learns a shape in front of your eyes."""
    st.header("GANs and VAEs: networks that learn to make rows", anchor=False)
    st.markdown(
        "A **GAN** is two networks in a contest. The generator makes rows from random numbers; the discriminator tells "
        "them from real ones; each learns from the other's mistakes. CTGAN is a GAN for tables.\n\n"
        "A **VAE** squeezes every row into a few numbers and learns to rebuild it. New rows come from new numbers. It "
        "is steadier than a GAN and blurs more. TVAE is a VAE for tables."
    )
    left, right = st.columns(2)
    kind = left.segmented_control(
        "Network", list(_KINDS), default="gan", required=True, format_func=_KINDS.get, key="guide-network"
    )
    shape = right.segmented_control(
        "Real points", list(points.SHAPES), default="ring", required=True, format_func=points.SHAPES.get,
        key="guide-network-shape",
    )  # fmt: skip
    if st.button("Train it now", type="primary", icon=":material/play_arrow:", key="guide-train",
                 help="600 updates of a small network: a few seconds on a free processor."):  # fmt: skip
        st.session_state["guide-trained"] = (kind, shape)
    if st.session_state.get("guide-trained") == (kind, shape):
        charts.show(guide_training(_trained(kind, shape)), key="guide-training")
    st.markdown(
        "- **They want rows.** With a few hundred they have hardly begun; Trees were closer on the tables compared "
        "- **A loss that looks good says nothing** about the rows. Here the distance to unseen real rows is shown.\n"
        "- **Rare values get lost** first: look for them on page Fidelity.\n"
        "- Usual settings are made for large tables: two updates an epoch on 1,000 rows train nothing. The presets "
        "here count updates."
    )
    st.page_link(frame.path_of("Generate"), label="Generate with CTGAN", icon=frame.ICONS["Generate"],
                 query_params={"generator": "ctgan"})  # fmt: skip


@st.cache_data(max_entries=12, show_spinner="Training: 600 updates …")
def _trained(kind: str, shape: str) -> Trained:
    from synth_core.advice.miniatures.networks import train  # only now: it needs PyTorch

    return train(kind, shape)
