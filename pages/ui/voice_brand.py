"""Choosing a brand, or storing one; changing it makes a new version."""

from __future__ import annotations

import streamlit as st

from pages.ui import confirm, text, voice_brief, voice_lines, voice_views, workspace
from synth_core.voice.demo import NAME as DEMO
from synth_core.voice.demo import demo
from synth_core.voice.library import Info
from synth_core.voice.records import Brand

_TOLD = "voice-brand-told"
_OWN, _OTHERS = "What you have signed off, one per row.", "The same kind of copy by competitors, one per row."


def section() -> None:
    """The stored brand to look at and change; a new one."""
    info = voice_views.pick_brand()
    if info is None:
        st.markdown("Begin with the demo brand, or with lines of your own.")
        _demo(primary=True)
        _new(first=True)
        return
    if told := st.session_state.pop(_TOLD, None):
        st.success(told, icon=":material/check:")
    _show(info)
    st.divider()
    with st.expander("Another brand", icon=":material/add:", key="voice-another"):
        if DEMO.casefold() not in {i.name.casefold() for i in workspace.brands().list()}:
            _demo(primary=False)
        _new(first=False)


def _demo(*, primary: bool) -> None:
    if st.button("Try the demo brand", type="primary" if primary else "secondary", icon=":material/play_arrow:",
                 key="voice-demo"):  # fmt: skip
        _stored(workspace.brands().add(demo()), f"{DEMO} is stored.")
    st.caption(f"{DEMO}: 200 approved lines and four other voices on the same subjects, written for this product.")


def _stored(brand_id: str, told: str) -> None:
    """Show the brand, and say what happened."""
    st.session_state[_TOLD] = told
    voice_views.show("brand", brand=brand_id)
    st.session_state["voice-brand"] = brand_id
    st.rerun()


def _new(*, first: bool) -> None:
    """Name, approved lines, competitor lines; the rest can follow."""
    with st.container(border=first):
        st.header("Your own brand", anchor=False)
        name = st.text_input("Name of the brand", key="voice-new-name", max_chars=80).strip()
        left, right = st.columns(2, gap="large")
        with left:
            approved = voice_lines.box("Approved lines", "voice-new-own", source=name or "brand", about=_OWN)
        with right:
            contrast = _others("voice-new-others")
        if approved and len(approved.lines) < 50:
            st.info(
                f"{len(approved.lines)} approved lines: below 50 every figure is provisional, below 10 none can be "
                "taken. About 200 are a good start.",
                icon=":material/info:",
            )
        if st.button("Store this brand", type="secondary" if first else "primary", icon=":material/save:",
                     key="voice-store", disabled=not (name and approved)):  # fmt: skip
            lines = contrast.lines if contrast else ()
            brand = Brand(name, approved.lines, lines)
            _stored(workspace.brands().add(brand), f"Stored with {text.count(len(approved.lines))} approved lines.")
        st.caption("Stored in this workspace until you remove it. Nothing is sent anywhere.")


def _others(key: str):
    by = st.text_input("Competitor, where the rows do not say", key=f"{key}-by", placeholder="Competitor").strip()
    found = voice_lines.box("Competitor lines", key, source=by, about=_OTHERS)
    if found is None:
        st.caption(
            "They matter more than anything else here: without them the voice is compared with caricatures only."
        )
    return found


def _show(info: Info) -> None:
    """All that is stored of a brand, to be changed."""
    brand = voice_views.stored(info.exact)
    _head(info)
    tabs = st.tabs([
        f"Approved lines ({text.count(info.approved)})", f"Competitor lines ({text.count(info.contrast)})", "Brief",
        "Compliance",
    ], key=f"voice-brand-tabs-{info.id}")  # fmt: skip
    key = info.exact
    with tabs[0]:
        st.caption(voice_lines.told(brand.approved))
        approved = voice_lines.grid(brand.approved, f"voice-own-{key}", authors=False, source=brand.name)
        with st.expander("Add approved lines", icon=":material/add:"):
            more = voice_lines.box("Approved lines", f"voice-own-more-{key}", source=brand.name, about=_OWN)
    with tabs[1]:
        st.caption(voice_lines.told(brand.contrast))
        contrast = voice_lines.grid(brand.contrast, f"voice-others-{key}", authors=True, source="Competitor")
        with st.expander("Add competitor lines", icon=":material/add:", expanded=not brand.contrast):
            others = _others(f"voice-others-more-{key}")
    with tabs[2]:
        brief = voice_brief.brief(brand.brief, key)
    with tabs[3]:
        rules = voice_brief.compliance(brand.compliance, key)
    now = Brand(
        brand.name,
        voice_lines.merged(approved, more.lines if more else ()),
        voice_lines.merged(contrast, others.lines if others else ()),
        brief,
        rules,
    )
    _save(info, brand, now)


def _head(info: Info) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="voice-brand-head"):
        st.markdown(f"**{text.literal(info.name)}** · version {info.version} · "
                    f"{text.when(info.changed.timestamp())}")  # fmt: skip
        if info.version > 1:
            with st.popover("Versions", icon=":material/history:"):
                _versions(info)
        if st.button("Remove", icon=":material/delete:", key="voice-remove"):
            _confirm(info)


def _versions(info: Info) -> None:
    number = st.selectbox("Version", range(info.version - 1, 0, -1), key=f"voice-version-{info.id}")
    old = voice_views.stored(f"{info.id}@{number}")
    st.caption(f"{text.count(len(old.approved))} approved and {text.count(len(old.contrast))} competitor lines.")
    if st.button("Bring this version back", key="voice-restore"):
        new = workspace.brands().update(info.id, old)
        _stored(info.id, f"Version {number} is back, stored as version {new}.")


def _confirm(info: Info) -> None:
    """Ask before files are removed."""

    def remove() -> None:
        workspace.brands().remove(info.id)
        st.query_params.pop("brand", None)
        st.session_state.pop("voice-brand", None)
        voice_views.show("brand")

    confirm.ask(
        "this brand",
        goes=f"{text.literal(info.name)} with its lines, brief and rules, "
        f"{text.count(info.version)} version{'s' * (info.version > 1)} in all.",
        stays="results made with it, but lines can no longer be exported from them.",
        do=remove,
        verb="Remove",
    )


def _save(info: Info, stored: Brand, now: Brand) -> None:
    changed = now != stored
    with st.container(horizontal=True, vertical_alignment="center", key="voice-brand-save"):
        if st.button("Save changes", type="primary" if changed else "secondary", icon=":material/save:",
                     key="voice-save", disabled=not changed):  # fmt: skip
            version = workspace.brands().update(info.id, now)
            _stored(info.id, f"Stored as version {version}. Earlier versions are kept.")
        if changed:
            st.markdown("Not saved yet: leaving this step loses changes in the grids.")
        else:
            voice_views.go("Next: what makes this voice", "voice", key="voice-next")
