"""Voice charts: what is drawn are the record's numbers, and takeaways say what they say."""

from dataclasses import replace

import pytest

from synth_core import charts
from synth_core.voice.records import GateCount
from tests.pages import stored_voice as stored


@pytest.fixture(scope="module")
def brand():
    return stored.brand()


@pytest.fixture(scope="module")
def profile(brand):
    return stored.profile(brand)


@pytest.fixture(scope="module")
def batch(brand):
    return stored.batch(brand, "0" * 16 + "@1", 60)


def trace(chart, name):
    (found,) = (t for t in chart.figure.data if t.name == name)
    return found


def test_each_trait_has_a_bar_of_its_effect_on_its_side(profile):
    chart = charts.voice_traits(profile)
    drawn = [(t.x[0], t.name) for t in chart.figure.data]
    assert drawn == [(t.effect, "More in the brand" if t.effect > 0 else "Less in the brand") for t in profile.traits]
    assert [t.showlegend for t in chart.figure.data].count(True) == 2
    texts = [a.text for a in chart.figure.layout.annotations]
    assert "Trait 0" in texts and "+0.90" in texts and "−0.10" in texts
    assert "Strongest: trait 0, more in the brand (Cliff's delta +0.90" in chart.takeaway
    places = [t.y[0] for t in chart.figure.data]
    assert places == sorted(places, reverse=True) and chart.figure.layout.yaxis.range[0] < places[-1]


def test_a_trait_the_brand_has_less_of_leads_the_takeaway(profile):
    first = replace(profile.traits[0], effect=-0.95)
    assert (
        "trait 0, less in the brand (Cliff's delta −0.95"
        in charts.voice_traits(replace(profile, traits=(first,))).takeaway
    )


def test_without_contrast_or_traits_a_reason_is_drawn(profile):
    assert "no contrast" in charts.voice_traits(replace(profile, contrast=0)).takeaway
    assert "No countable trait" in charts.voice_traits(replace(profile, traits=())).takeaway


def test_many_traits_are_cut_and_said(profile):
    many = tuple(replace(profile.traits[0], name=f"trait {i}") for i in range(20))
    chart = charts.voice_traits(replace(profile, traits=many))
    assert len(chart.figure.data) == 12 and chart.takeaway.endswith("The 12 strongest of 20 traits are drawn.")


def test_the_funnel_adds_up(batch):
    chart = charts.voice_funnel(batch.funnel)
    on, stopped = trace(chart, "Went on"), trace(chart, "Stopped here")
    assert [a + b for a, b in zip(on.x, stopped.x, strict=True)] == [g.reached for g in batch.funnel]
    assert on.x[-1] == sum(v.passed for v in batch.verdicts) == 40
    assert list(on.x[:-1]) == [g.reached for g in batch.funnel[1:]]
    assert on.marker.pattern.shape is None and stopped.marker.pattern.shape  # not told by colour alone
    texts = [a.text for a in chart.figure.layout.annotations]
    assert "−7 → 53" in texts and "Length for the channel" in texts
    assert chart.takeaway == (
        "40 of 60 lines passed all 14 gates (67 %). Most were stopped by “Length for the channel”: 7 of the 60 that "
        "reached it."
    )


def test_a_funnel_in_which_nothing_stops_or_nothing_comes():
    one = GateCount("voice", "Brand voice", 5, 0)
    assert charts.voice_funnel([one]).takeaway == "5 of 5 lines passed all 1 gates (100 %)."
    assert "No line came" in charts.voice_funnel([replace(one, reached=0)]).takeaway
    assert "No line came" in charts.voice_funnel([]).takeaway


def test_percentiles_are_counted_in_ten_bands(batch):
    chart = charts.voice_percentiles(batch)
    found = [v.percentile for v in batch.verdicts if v.passed]
    bars = trace(chart, "Accepted lines")
    assert sum(bars.y) == pytest.approx(1)
    assert bars.y[9] == sum(p >= 90 for p in found) / len(found)
    assert list(trace(chart, "Approved lines, by definition").y) == [0.1, 0.1]
    assert set(trace(chart, "Threshold of the voice gate").x) == {10.0}
    middle = sorted(found)[len(found) // 2 - 1 : len(found) // 2 + 1]
    assert f"higher than {sum(middle) / 2:.0f} of 100" in chart.takeaway


def test_a_percentile_of_a_hundred_is_in_the_last_band(batch):
    top = replace(batch, verdicts=tuple(replace(v, percentile=100.0) for v in batch.verdicts if v.passed))
    assert trace(charts.voice_percentiles(top), "Accepted lines").y[9] == 1


def test_without_a_voice_gate_there_is_no_threshold_and_no_percentile(batch):
    open_ = replace(batch, threshold=0.0)
    assert "Threshold of the voice gate" not in [t.name for t in charts.voice_percentiles(open_).figure.data]
    none = replace(batch, verdicts=tuple(replace(v, percentile=None) for v in batch.verdicts))
    assert charts.voice_percentiles(none).takeaway == "No accepted line has a voice percentile."


def test_names_are_not_read_as_markup(profile, batch):
    traits = (replace(profile.traits[0], name=stored.MARKUP),)
    gate = replace(batch.funnel[0], name=stored.MARKUP)
    for chart in (charts.voice_traits(replace(profile, traits=traits)), charts.voice_funnel([gate])):
        text = chart.figure.to_json().replace("\\u003c", "<").replace("\\u0026", "&")
        assert "<b>*bold*" not in text.lower()
