"""A privacy check and a test of its meters, in words and for the report."""

from __future__ import annotations

from synth_core import charts
from synth_core.charts.privacy_risks import GRADES, risk
from synth_core.privacy.results import Meter, PrivacyReport, SelfTest
from synth_core.reports.document import Block, Finding, Grid, Pair, Part, Picture, Points, Prose, Tone
from synth_core.wording import count, quoted, score, share

#: Grade of a meter → what it is called where it stands alone.
WORDS = {"high": "High risk", "some": "Some risk", "no signal": "No signal"}
CAUTION = (
    "How to read it: a short distance to a real record is a signal, not yet harm; and a page without signals is no "
    "proof of safety: it says what these attacks found in these rows, and other attacks may find more."
)
YARDSTICK = (
    "Yardstick: what the same attack finds about real rows that no generator saw, or chance (0.5) where training and "
    "unseen rows are told apart. Risk: how far the measure goes from there towards certainty."
)
_TONES: dict[str, Tone] = {"high": "bad", "some": "warning", "no signal": "neutral"}


def risk_range(meter: Meter) -> str:
    """A risk and its 95 % interval."""
    return f"{risk(meter.risk)} ({risk(meter.risk_low)} to {risk(meter.risk_high)})"


def finding(report: PrivacyReport) -> Finding:
    """The highest risk of all meters, and how many rows equal a real one."""
    icon, word, tone = "○", "Not measured", "neutral"
    figures = []
    if report.meters:
        worst = report.meters[0]
        if report.flagged or report.distances is not None:  # a single quiet meter is no all-clear
            icon, word, tone = GRADES[worst.grade][0], WORDS[worst.grade], _TONES[worst.grade]
        figures.append(f"{worst.title}: risk {risk_range(worst)}")
    figures.append(
        f"{count(report.matches)} of {count(report.synthetic_rows)} synthetic rows equal a training row, "
        f"{count(report.matches_unique)} of them a unique one"
        if report.matches
        else f"none of {count(report.synthetic_rows)} synthetic rows equals a training row"
    )
    return Finding(icon, word, tone, report.headline, tuple(figures))


def overlaps(report: PrivacyReport) -> tuple[str, str]:
    """Whether real values of columns that must not leave are among the synthetic ones: ``pass``, ``fail`` or ``none``,
    and a sentence."""
    broken = [o for o in report.overlaps if o.rows]
    if broken:
        found = "; ".join(f"“{o.name}” ({o.role}) in {count(o.rows)} row{'s' * (o.rows > 1)}" for o in broken)
        return "fail", f"synthetic rows hold real values of {found}."
    if report.overlaps:
        names = quoted([o.name for o in report.overlaps])
        return "pass", f"Compared one by one, no synthetic row holds a real value of {names}."
    return "none", "The synthetic rows have no identifiers, sensitive columns or free text to compare."


def part(report: PrivacyReport, test: SelfTest | None = None, *, key: str = "privacy", table: str = "") -> Part:
    """A privacy check for the report, with a test of the meters on the same table where there is one."""
    return Part(
        key,
        f"What do the synthetic rows{' of ' + table if table else ''} give away about real ones?",
        finding(report),
        (*_evidence(report), *(_self_test(test) if test else ())),
        _method(report, test),
        (
            "A check without signals is no proof of safety: it says what these attacks found in these rows. Other "
            "attacks, or an outsider who knows more, may find more. Only differential privacy promises a bound.",
            "A short distance to a real record is a signal, not yet harm.",
        ),
        (
            ("Real rows", f"{count(report.train_rows)} for training, {count(report.holdout_rows)} unseen"),
            ("Occur once, so can be recognised", f"{count(report.unique_train)} and {count(report.unique_holdout)}"),
            ("Sampled for the attacks", f"{count(report.sampled_train)} training, {count(report.sampled_holdout)} "
             f"unseen, {count(report.sampled_synthetic)} synthetic"),
            ("An outsider knows", quoted(report.known, 12) or "nothing"),
            ("and would like to learn", quoted(report.secret_columns, 12) or "nothing"),
            ("Seed", str(report.seed)),
            *([("Seed of the test of the meters", str(test.seed))] if test else []),
        ),
    )  # fmt: skip


def test_part(test: SelfTest, *, key: str = "meters", table: str = "") -> Part:
    """A test of the meters that stands alone."""
    return Part(
        key,
        f"Do the privacy meters read {table or 'this table'} rightly?",
        _tested(test),
        tuple(_self_test(test)),
        (_TESTED,),
        ("The test says that the meters work on this table. It says nothing about any synthetic rows.",),
        (
            ("Rows", f"{count(test.train_rows)} training, {count(test.holdout_rows)} unseen, "
             f"{count(test.synthetic_rows)} in each set"),
            ("Seed", str(test.seed)),
        ),
    )  # fmt: skip


_TESTED = (
    "The meters were handed sets of rows whose answer is known: a copy of the real rows, a noisy copy, and independent "
    "real rows. They must read bad, bad and neutral."
)


def _tested(test: SelfTest) -> Finding:
    look = ("✓", "Meters work", "good") if test.passed else ("✕", "Meters fail", "bad")
    return Finding(*look, test.headline, tuple(s.sentence for s in test.scenarios))


def _evidence(report: PrivacyReport) -> tuple[Block, ...]:
    word, said = overlaps(report)
    words = {"fail": "✕ Fail: ", "pass": "✓ Pass: ", "none": ""}
    blocks: list[Block] = [Prose(words[word] + said, "Identifiers and sensitive values")]
    if report.meters:
        blocks += [Picture("Risk on every meter", charts.privacy_risks(report)), _meters(report)]
    if advice := tuple(dict.fromkeys(m.advice for m in report.flagged)):
        blocks.append(Points(advice, "What to do"))
    distances = Picture("Distance to the closest real record", charts.closest_distances(report))
    membership = Picture("Who was in training?", charts.membership_roc(report))
    if report.distances is not None and report.memberships:
        blocks.append(Pair(distances, membership))
    elif report.distances is not None or report.memberships:
        blocks.append(membership if report.memberships else distances)
    if report.secrets:
        blocks.append(_secrets(report))
    if report.unavailable:
        blocks.append(Points(tuple(f"{u.name}: {u.reason}" for u in report.unavailable), "Not measured"))
    return tuple(blocks)


def _meters(report: PrivacyReport) -> Grid:
    return Grid(
        "Meters",
        ("Meter", "Reads", "Measured", "Yardstick", "Risk (95 % interval)", "What was found"),
        tuple(
            (m.title, f"{GRADES[m.grade][0]} {WORDS[m.grade]}", _value(m, m.value), _value(m, m.reference),
             risk_range(m), m.sentence)
            for m in report.meters
        ),
        words=(1, 5),
        note=YARDSTICK,
    )  # fmt: skip


def _value(meter: Meter, number: float) -> str:
    return share(number) if meter.unit == "share" else score(number)


def _secrets(report: PrivacyReport) -> Grid:
    return Grid(
        "Guessing what an outsider would like to learn",
        ("Column", "Right, training rows", "95 % interval", "Right, unseen rows", "95 % interval", "A guess is right"),
        tuple(
            (s.name, share(s.value), f"{share(s.low)} to {share(s.high)}", share(s.reference),
             f"{share(s.reference_low)} to {share(s.reference_high)}", s.rule)
            for s in report.secrets
        ),
        words=(5,),
        note="Only what is above the share among unseen rows is known because someone was in training.",
    )  # fmt: skip


def _self_test(test: SelfTest) -> list[Block]:
    found = _tested(test)
    return [
        Prose(f"{found.icon} {found.word}: {test.headline}", "Do the meters work on this table?"),
        Picture("What the meters read of rows whose answer is known", charts.self_test_risks(test)),
        Points(tuple(f"{s.title}, expected {s.expected}: {s.sentence}" for s in test.scenarios)),
    ]


def _method(report: PrivacyReport, test: SelfTest | None) -> tuple[str, ...]:
    return (
        "The real rows were attacked through the synthetic ones, in the ways an outsider would: looking for copies, "
        "for the closest record, for who was in training, for single people, and for what is not known of them. Each "
        "attack was also made on real rows that the generator never saw; only what exceeds that is a leak.",
        f"Only rows that occur once were attacked: {count(report.unique_train)} training rows and "
        f"{count(report.unique_holdout)} unseen ones. The grades allow for the number of meters (Holm).",
        *([_TESTED] if test else ()),
    )
