"""From what each meter found to what is said: all meters judged together."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.privacy.evidence import holm
from synth_core.privacy.finding import Finding
from synth_core.privacy.results import Meter, Overlap

ALPHA = 0.02  #: share of harmless tables in which any meter flags; copies are found with room to spare
HIGH = 0.10  #: a flagged risk is called high where even the low end of its interval is above this

NO_SIGNAL, SOME, HIGH_RISK = "no signal", "some", "high"

_NOTHING = "Nothing to do on this account."


def judge(findings: Sequence[Finding]) -> tuple[Meter, ...]:
    """Meters, flagged ones first, then by risk.

    A meter is flagged where its p after Holm over all meters is below 0.02: rows that know nothing about the training
    rows then raise no flag at all in 98 of 100 reports.
    """
    corrected = holm([f.evidence.p for f in findings])
    meters = [_meter(f, p) for f, p in zip(findings, corrected, strict=True)]
    return tuple(sorted(meters, key=lambda m: (not m.flagged, -m.risk)))


def headline(meters: Sequence[Meter], overlaps: Sequence[Overlap]) -> str:
    """One or two sentences for the top of the page."""
    leaked = [o for o in overlaps if o.rows]
    said = ""
    if leaked:
        listed = ", ".join(f"{o.name} ({o.rows:,})" for o in leaked)
        said = f"Real values that must not leave stand among the synthetic rows: {listed}. "
    flagged = [m for m in meters if m.flagged]
    if not meters:
        return said + "No meter could be read: see the reasons below."
    if not flagged:
        who = f"None of {len(meters)} meters" if len(meters) > 1 else "The one meter that could be read"
        see = "sees" if len(meters) > 1 else "does not see"
        return said + f"{who} {see} more about the training rows than about rows the generator never saw."
    names = ", ".join(m.title for m in flagged[:3])
    more = f" and {len(flagged) - 3} more" if len(flagged) > 3 else ""
    verb = "recognise" if len(flagged) > 1 else "recognises"
    return said + f"{len(flagged)} of {len(meters)} meters {verb} training rows: {names}{more}."


def _meter(finding: Finding, p_holm: float) -> Meter:
    e, flagged = finding.evidence, p_holm < ALPHA
    grade = NO_SIGNAL if not flagged else HIGH_RISK if e.risk_low > HIGH else SOME
    return Meter(
        key=finding.key,
        title=finding.title,
        unit=finding.unit,
        value=e.value,
        reference=e.reference,
        low=e.low,
        high=e.high,
        risk=e.risk,
        risk_low=e.risk_low,
        risk_high=e.risk_high,
        p=e.p,
        p_holm=p_holm,
        flagged=flagged,
        grade=grade,
        sentence=finding.sentence,
        advice=finding.advice if flagged else _NOTHING,
        formula=finding.formula,
        attacks=finding.attacks,
        controls=finding.controls,
    )
