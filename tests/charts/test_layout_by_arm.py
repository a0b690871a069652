"""Charts with a row per arm: everything fits a phone, whatever the names."""

import html
import re

import numpy as np
import pytest

from synth_core import charts
from synth_core.charts.base import EQUIVALENT
from synth_core.lift import statistics

PHONE = 360  #: pixels of a chart, 24 of them margins
WIDEST = 7  #: pixels of a character of 12 pixels, bold, in the widest fallback font
DRAW = ("arms_forest", "f1_thresholds", "inflation")


def names_and_values(chart):
    notes = chart.figure.layout.annotations
    left = [a for a in notes if a.xref == "paper" and a.x == 0 and a.yanchor == "top"]
    return left, {a.y: a.text for a in notes if a.xref == "paper" and a.x == 1}


def lines(text):
    return [html.unescape(re.sub("</?b>", "", line)) for line in text.split("<br>")]


@pytest.mark.parametrize("draw", DRAW)
def test_names_are_whole_and_clear_of_the_values(draw, long_names):
    labels, values = names_and_values(getattr(charts, draw)(long_names))
    titles = {a.title for a in long_names.arms}
    assert {" ".join(lines(a.text)) for a in labels} == titles
    assert any(len(lines(a.text)) > 1 for a in labels), "some names need a second line"
    for label in labels:
        room = PHONE - 24 - 6 * len(values.get(label.y, ""))
        assert max(map(len, lines(label.text))) * WIDEST <= room, label.text


@pytest.mark.parametrize("draw", DRAW)
def test_a_name_ends_above_its_marks_and_below_the_marks_before(draw, long_names):
    chart = getattr(charts, draw)(long_names)
    labels, _ = names_and_values(chart)
    marks = sorted({t.y[0] for t in chart.figure.data if t.y[0] is not None}, reverse=True)
    assert len(labels) == len(marks) == len(long_names.arms)
    ends = [a.y - 16 * len(lines(a.text)) for a in labels]
    assert all(end >= mark + 8 for end, mark in zip(ends, marks, strict=True))
    assert all(a.y <= mark - 8 for a, mark in zip(labels[1:], marks[:-1], strict=True))
    low, high = chart.figure.layout.yaxis.range
    assert low < marks[-1] and np.isclose(high, 0)
    plot = chart.figure.layout.height - chart.figure.layout.margin.t
    assert high - low < plot < high - low + 90, "a unit of y is a pixel: what is left is for the axis below"


def test_one_margin_of_practical_equivalence():
    assert EQUIVALENT == statistics.EQUIVALENT
