"""Journey charts: what is drawn are the record's numbers, and takeaways name the right channel and model."""

from dataclasses import replace

import pytest

from synth_core import charts
from synth_core.charts.journey_grid import BLOCK
from synth_core.charts.journey_marks import MODEL, TRUTH, points
from synth_core.journeys import scoring
from synth_core.journeys.results import Graded, League, Mean
from tests.pages import stored_journeys as stored


def trace(chart, name):
    """The one trace of that name."""
    (found,) = (t for t in chart.figure.data if t.name == name)
    return found


def ticks(axis) -> list[str]:
    return list(axis.ticktext)


# What journeys look like


def test_paths_have_a_bar_each_split_by_conversion(graded):
    chart = charts.journey_paths(graded.seen)
    shown = [p for p in graded.seen.paths if p[1] + p[2] > 0]
    assert list(trace(chart, "Converted").x) == [p[1] for p in shown]
    assert list(trace(chart, "Did not").x) == [p[2] for p in shown]
    texts = [a.text.replace("<br>", " ") for a in chart.figure.layout.annotations]
    assert " → ".join(shown[1][0]) in texts and "940 · 4.3 %" in texts
    assert chart.takeaway.startswith("The most common path is Search (940 times)")


def test_cells_of_the_tree_nest(graded):
    cells = trace(charts.journey_tree(graded.seen, graded.world.names), "First steps")
    spans = [(b, y - w / 2, y + w / 2) for b, y, w in zip(cells.base, cells.y, cells.width, strict=True)]
    first = [s for s in spans if s[0] == 0]
    assert sum(high - low for _, low, high in first) == pytest.approx(sum(p[1] + p[2] for p in graded.seen.paths))
    for step, low, high in spans:
        if step:
            assert any(s == step - 1 and a - 1e-9 <= low and high <= b + 1e-9 for s, a, b in spans)
    for one in spans:  # no two cells of a step overlap
        assert not any(o is not one and o[0] == one[0] and o[1] < one[2] - 1e-9 and one[1] < o[2] - 1e-9 for o in spans)


def test_flat_cells_of_the_tree_are_pooled_under_a_name(graded):
    many = tuple(((f"C{i}",), 2.0) for i in range(50))
    seen = replace(graded.seen, steps=((("Search", "Email"), 500.0), *many))
    cells = trace(charts.journey_tree(seen, ("Search", "Email")), "First steps")
    assert list(zip(cells.text, cells.width, strict=True)) == [("Search", 500), ("50 others", 100), ("Email", 500)]


def test_half_of_the_conversions_have_come_by_the_named_day(graded):
    days = graded.seen.days
    said = int(charts.journey_days(graded.seen).takeaway.split("within ")[1].split()[0])
    before = sum(n for _, high, n in days if high < said)
    assert before < sum(n for *_, n in days) / 2 <= before + next(n for _, high, n in days if high == said)


def test_path_lengths_leave_out_people_without_a_touch(graded):
    seen = replace(graded.seen, lengths=((0, 9e9, 9e9), *graded.seen.lengths))
    assert charts.journey_lengths(seen).figure == charts.journey_lengths(graded.seen).figure
    assert trace(charts.journey_lengths(seen), "All paths").x[-1] == "8+"


def test_the_mix_names_the_channel_that_differs_most(graded):
    chart = charts.journey_mix(graded.seen, graded.world.names)
    assert chart.takeaway.startswith(("Search differs most: 5 % of all touches, 29 %", "Direct differs most: 29 %"))
    assert sorted(trace(chart, "All paths").x) == sorted(graded.seen.mix)


# Truth beside models


@pytest.mark.parametrize("truth", ["shapley", "removal", "event"])
def test_shares_are_means_over_the_seeds(graded, truth):
    chart = charts.journey_shares(graded, "linear", truth)
    held = trace(chart, "Truth")
    rows = [s.truth.share(truth) for s in graded.samples]
    names = list(graded.world.names)
    for name, x in zip(held.customdata, held.x, strict=True):
        assert x == pytest.approx(sum(row[names.index(name)] for row in rows) / 3)
    marks = trace(chart, "Linear")
    low = marks.x[0] - marks.error_x.arrayminus[0]
    place = names.index(held.customdata[0])
    intervals = [next(i for c, i in zip(s.credits, s.intervals, strict=True) if c.model == "linear")
                 for s in graded.samples]  # fmt: skip
    assert low == pytest.approx(sum(i.low[place] for i in intervals) / 3)
    assert (held.marker.color, marks.marker.color, marks.marker.symbol) == (TRUTH, MODEL, "diamond")
    assert "means over 3 seeds" in chart.takeaway


def test_a_model_that_was_left_out_is_said(graded):
    assert "could not be used" in charts.journey_shares(graded, "no such model").takeaway
    assert "could not be used" in charts.journey_allocations(graded, "no such model").takeaway


def line(signed: tuple[float, ...], over: tuple[float | None, ...], **more) -> Graded:
    mean = Mean(0.1, None)
    return Graded("m", "Model", mean, mean, None, None, tuple(None if v is None else Mean(v, None) for v in over),
                  tuple(Mean(v, None) for v in signed), None, more.get("lost"), more.get("regret"), None)  # fmt: skip


def test_errors_have_their_sign_in_the_cell_and_the_largest_in_the_takeaway():
    found = League("shapley", (line((0.031, -0.054, 0.0), (1.0, 0.4, None)),), (), "")
    chart = charts.journey_errors(found, ("A", "B", "C"))
    (heat,) = chart.figure.data
    assert heat.z[0] == pytest.approx((3.1, -5.4, 0.0)) and list(heat.text[0]) == ["+3.1", "−5.4", "0.0"]
    assert "Model gives B 5.4 points too little" in chart.takeaway
    axis = chart.figure.layout.coloraxis
    assert axis.cmin == -axis.cmax  # white is no error


def test_over_credit_has_a_dash_and_words_where_nothing_was_caused():
    found = League("shapley", (line((0.0, 0.0, 0.0), (2.5, 0.4, None)),), (), "")
    chart = charts.journey_over_credit(found, ("A", "B", "C"))
    (heat,) = chart.figure.data
    assert list(heat.text[0]) == ["2.5", "0.40", "–"] and heat.z[0][2] is None
    assert "Model gives A 2.5 times its due" in chart.takeaway and "C caused no conversion" in chart.takeaway


def test_many_channels_make_blocks_that_fit_a_phone(graded_once):
    figure = charts.journey_errors(scoring.league(graded_once), graded_once.world.names).figure
    assert len(figure.data) == 2 and all(len(t.x) <= BLOCK for t in figure.data)
    assert sum(len(t.x) for t in figure.data) == 20


# Money and stress


def test_lost_conversions_are_in_order_with_their_standard_error(graded):
    found = scoring.league(graded)
    bars = trace(charts.journey_lost(found), "Conversions lost")
    by_name = {m.name: m.lost for m in found.models}
    assert list(bars.x) == sorted(bars.x)
    for (name, *_), x, error in zip(bars.customdata, bars.x, bars.error_x.array, strict=True):
        assert (x, error) == (by_name[name].mean, by_name[name].se)


def test_allocations_are_todays_the_best_and_the_models_mean(graded):
    chart = charts.journey_allocations(graded, "last")
    place = list(stored.MODELS).index("last")
    names, budget = list(graded.world.names), graded.budget
    for name, spend in (("Today", budget.today.spend), ("Best found", budget.best.spend)):
        bars = trace(chart, name)
        assert list(bars.x) == [spend[names.index(n)] for n in bars.customdata]
    bars = trace(chart, "Following Last touch")
    assert bars.x[0] == pytest.approx(
        sum(a.spend[names.index(bars.customdata[0])] for a in budget.models[place]) / len(graded.samples)
    )
    assert "Direct" not in bars.customdata  # costs nothing


def test_marginal_returns_are_means_with_the_spread_of_the_seeds(graded):
    dots = trace(charts.journey_marginal(graded), "Marginal return")
    assert dots.customdata[0][0] == "Search" and dots.x[0] == pytest.approx(20.1)
    assert dots.error_x.array[0] == pytest.approx(0.1 / 3**0.5)
    one = trace(charts.journey_marginal(stored.grades(seeds=1)), "Marginal return")
    assert one.error_x.array[0] == pytest.approx(1.0)  # the seed's own


def test_no_money_is_said():
    found = stored.grades(paid=False)
    for chart in (charts.journey_lost(scoring.league(found)), charts.journey_allocations(found, "last"),
                  charts.journey_marginal(found)):  # fmt: skip
        assert "no budget to move" in chart.takeaway


def test_stress_has_the_best_of_each_world_in_bold_and_names_the_worst(stressed):
    chart = charts.journey_stress(stressed)
    (heat,) = chart.figure.data
    for column in zip(*heat.text, strict=True):
        figures = [float(t.removeprefix("<b>").removesuffix("</b>")) for t in column]
        bold = [f for f, t in zip(figures, column, strict=True) if t.startswith("<b>")]
        assert bold and set(bold) == {min(figures)}
    worst = max(stressed.cells, key=lambda c: c.share_error.mean)
    assert dict(stressed.models)[worst.model] in chart.takeaway and "7.0 ± 0.2" in chart.takeaway


def test_a_world_without_money_is_empty_in_regret_only(stressed):
    (heat,) = charts.journey_stress(stressed, "regret").figure.data
    assert {line[0] for line in heat.text} == {"–"} and all(line[0] is None for line in heat.z)
    (heat,) = charts.journey_stress(stressed, "share_error").figure.data
    assert "–" not in {line[0] for line in heat.text}


# Without a truth


def test_credits_of_all_models_and_the_channel_they_disagree_about_most():
    found = stored.attributed()
    chart = charts.journey_credits(found, "linear")
    assert len(trace(chart, "Other models").x) == (len(stored.MODELS) - 1) * len(stored.NAMES)
    spans = {
        name: max(c.share[i] for c in found.credits) - min(c.share[i] for c in found.credits)
        for i, name in enumerate(stored.NAMES)
    }
    assert f"disagree most about {max(spans, key=spans.get)}" in chart.takeaway
    assert "cannot tell" in chart.takeaway


def test_points_have_a_sign_but_zero_has_none():
    assert [points(v) for v in (0.031, -0.054, 0.0001, -0.0001)] == ["+3.1", "−5.4", "0.0", "0.0"]
