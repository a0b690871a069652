"""Write: the form, the run, and what came of it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.ui import progress, text, voice_gates, voice_judge, voice_provider, voice_result, voice_views
from synth_core.voice import cost
from synth_core.voice.library import Info
from synth_core.voice.prompting import DEFAULT, Template, prompts
from synth_core.voice.records import Brand


def section() -> None:
    """The result that the address names or the latest one; the form above it."""
    info = voice_views.need_brand()
    run = voice_views.pick_run("voice", info, "Lines")
    if run is None:
        _form(info)
        st.caption(voice_result.PLAIN)
        return
    if info.version and run.state not in progress.ACTIVE:
        with st.expander("Write more lines", icon=":material/add:", key="voice-more"):
            _form(info)
    if progress.finished(run):
        voice_result.show(run, info)
    elif run.state in progress.ACTIVE:
        st.caption(voice_result.PLAIN)


def _form(info: Info) -> None:
    brand = voice_views.stored(info.exact)
    provider, told, ready = voice_provider.choose()
    asked = voice_provider.pace(provider)
    template, judge = DEFAULT, None
    if provider.kind == "written":
        with st.expander("Prompt", icon=":material/edit_note:"):
            template = voice_provider.template()
    with st.expander("Channel limits and gates", icon=":material/filter_alt:"):
        gates = voice_gates.edit(brand.brief.channel)
        judge, judging = voice_judge.choose()
    if gates is not None and judge:
        gates = replace(gates, judge_minimum=judge["minimum"])
    if provider.kind == "written" and template is not None:
        _cost(brand, info.exact, asked, template)
    possible = ready and judging and template is not None and gates is not None
    if st.button("Write and check", type="primary", icon=":material/play_arrow:", key="voice-start",
                 disabled=not possible):  # fmt: skip
        spec = {"brand": info.exact, "provider": told, **asked, "gates": gates.to_dict(), "judge": judge,
                "template": None if template == DEFAULT else template.to_dict()}  # fmt: skip
        voice_views.submit("voice", spec, title=_title(info, provider.name, asked["count"]))


def _title(info: Info, provider: str, count: int) -> str:
    return f"{text.count(count)} lines for {info.name} · {provider}"


def _cost(brand: Brand, exact: str, asked: dict, template: Template) -> None:
    """Tokens, and the cost where prices are given."""
    left, middle, right = st.columns(3)
    price_in = left.number_input("Price of a million tokens in", 0.0, None, None, key="voice-price-in",
                                 persist_state="session", placeholder="from the provider's page")  # fmt: skip
    price_out = middle.number_input("Price of a million tokens out", 0.0, None, None, key="voice-price-out",
                                    persist_state="session", placeholder="from the provider's page")  # fmt: skip
    currency = right.text_input("Currency", "$", max_chars=4, key="voice-currency", persist_state="session")
    found = _estimate(exact, brand, template, asked["count"], asked["per_request"], asked["seed"],
                      cost.Prices(price_in, price_out, currency))  # fmt: skip
    st.markdown(f":material/payments: **Before you start:** {text.literal(found.told)}")


@st.cache_data(max_entries=32, show_spinner=False)
def _estimate(
    exact: str, _brand: Brand, template: Template, count: int, per_request: int, seed: int, prices: cost.Prices
) -> cost.Estimate:
    asked = prompts(_brand, -(-count // per_request), template=template, seed=seed, per_request=per_request)
    length = sum(len(line.text) for line in _brand.approved) / len(_brand.approved)
    return cost.estimate(asked, per_request=per_request, line_characters=length, prices=prices)
