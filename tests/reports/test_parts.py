"""Every kind of result as a part of a report: what the record holds is what the report says."""

import re
from dataclasses import replace

import pytest

from synth_core.reports import Branding, Document, dp, fidelity, lift, privacy, render
from synth_core.reports.document import Grid, Pair, Picture, Points
from synth_core.wording import signed
from tests.pages import stored, stored_budget, stored_fidelity, stored_privacy
from tests.reports.results import BAD, parts

PARTS = parts()


def pictures(part):
    for block in part.evidence:
        yield from (block.left, block.right) if isinstance(block, Pair) else [block] * isinstance(block, Picture)


def grid(part, title: str) -> Grid:
    return next(b for b in part.evidence if isinstance(b, Grid) and b.title == title)


@pytest.mark.parametrize("kind", PARTS)
def test_every_part_has_an_answer_a_method_limits_and_a_record(kind):
    part = PARTS[kind]
    assert part.title.endswith("?") or ")?" in part.title
    assert part.finding.icon and part.finding.word and part.finding.sentence.endswith(".")
    assert part.method and part.limits and dict(part.record)
    assert all(isinstance(v, str) and v for row in part.record for v in row)
    for picture in pictures(part):
        assert picture.title and picture.chart.takeaway
    for block in part.evidence:
        if isinstance(block, Grid):
            assert all(len(row) == len(block.columns) for row in block.rows), block.title
            assert all(isinstance(cell, str) for row in block.rows for cell in row)


@pytest.mark.parametrize("kind", [k for k in PARTS if k not in ("nothing to grade", "meters", "dp")])
def test_seeds_are_on_record(kind):
    assert any("seed" in name.lower() for name, _ in PARTS[kind].record)


def test_bad_names_are_harmless_in_every_part():
    page = render(Document(BAD, BAD, tuple(parts(BAD).values())), Branding(client=BAD))
    assert "<script>alert" not in page and "\u202e" not in page
    assert page.count("<script>") == 2  # ours
    assert "&lt;script&gt;alert" in page and "{{7*7}}" in page and "49" not in re.findall(r"exe (\S+) =1", page)


def test_a_study_says_its_verdict_with_its_interval_and_every_arm():
    study = stored.study()
    part = lift.part(study)
    assert part.finding.sentence == study.verdict.sentence
    assert f"{signed(-0.004)} to {signed(0.028)}" in part.finding.figures[0]
    rows = grid(part, "All arms on real rows").rows
    assert [r[0] for r in rows] == [a.title for a in study.arms]
    assert [r[2] for r in rows] == [f"{a.scores.main:.3f}" for a in study.arms]
    assert dict(part.record)["Fingerprint of the locked rows"] == study.holdout_fingerprint
    assert dict(part.record)["Seed"] == "11"


def test_conditions_are_told_in_words_not_by_signs_alone():
    checks = next(b for b in lift.part(stored.study()).evidence if isinstance(b, Points))
    assert [line.split(":")[0] for line in checks.lines] == ["✕ not met", "✓ met"]


def test_what_could_not_be_seen_is_a_limit():
    assert any("0.021" in line for line in lift.part(stored.study()).limits)
    helped = stored.study(verdict=replace(stored.study().verdict, word="helps"))
    assert not any("0.021" in line for line in lift.part(helped).limits)


def test_few_rows_of_an_outcome_are_a_limit():
    assert any("Only 120 rows" in line for line in lift.part(stored.study(positives=120)).limits)
    assert not any("Only" in line for line in lift.part(stored.study()).limits)


def test_no_verdict_shows_why_and_no_chart():
    part = PARTS["no verdict"]
    assert part.finding.word == "No verdict" and not list(pictures(part))


@pytest.mark.parametrize(("epsilon", "word"), [(1.0, "mathematical"), (5.0, "weak"), (12.0, "next to nothing")])
def test_the_bound_of_a_release_is_called_what_it_is(epsilon, word):
    assert word in dp.finding(stored_budget.release(epsilon=epsilon)).word


def test_at_most_so_sure():
    assert dp.most_sure(1.0) == "73 %" and dp.most_sure(0.0) == "50 %" and dp.most_sure(12.0) == "> 99 %"


def test_scores_stand_beside_those_of_real_rows():
    report = stored_fidelity.report()
    rows = grid(fidelity.part(report, made="Made."), "Scores of the whole table").rows
    assert [r[:3] for r in rows] == [
        (s.title, fidelity.value(s.value), fidelity.value(s.reference)) for s in report.scores
    ]
    assert "Real holdout" not in grid(PARTS["no holdout"], "Scores of the whole table").columns


def test_real_values_that_must_not_leave_are_told():
    assert privacy.overlaps(stored_privacy.leaking())[0] == "fail"
    assert privacy.overlaps(stored_privacy.clean())[0] in ("pass", "none")


def test_a_quiet_check_is_no_proof():
    assert any("no proof of safety" in line for line in PARTS["privacy"].limits)


def test_limits_are_said_once_and_always():
    one = Document("T", "", (PARTS["privacy"],))
    two = Document("T", "", (PARTS["privacy"], PARTS["leaking"]))
    assert one.limits == two.limits and len(set(one.limits)) == len(one.limits)
    assert "do not replace an adequate number of real rows" in one.limits[0]
