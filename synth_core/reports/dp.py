"""A differentially private release for the report: its certificate, readable."""

from __future__ import annotations

from math import exp

from synth_core import charts
from synth_core.generators.dp.certificate import certificate
from synth_core.generators.dp.release import Release
from synth_core.reports.document import Finding, Grid, Part, Picture, Points, Prose
from synth_core.tables import Schema
from synth_core.wording import count, probability, share

WEAK, VOID = 3.0, 10.0  #: ε above which a promise is weak, and next to none
OUTSIDE = (
    "Outside the guarantee: the figures of this part were computed from real rows without noise. Whoever has them "
    "besides the private rows can learn more about a person than ε allows."
)


def most_sure(epsilon: float) -> str:
    """How sure somebody can become at most who thought it 50 : 50."""
    return probability(exp(epsilon) / (1 + exp(epsilon)))


def one_in(delta: float) -> str:
    """``1e-6`` → ``1 in 1,000,000``."""
    return f"1 in {count(1 / delta)}" if delta else "0"


def unit(release: Release) -> str:
    """Who or what is protected."""
    if release.unit is None:
        return "every single row"
    return f"every “{release.unit}” with at most {count(release.unit_rows)} rows"


def finding(release: Release) -> Finding:
    """ε and δ in words."""
    figures = (f"ε = {release.epsilon:g}", f"δ = {one_in(release.delta)}", f"protected is {unit(release)}")
    sentence = (
        f"Whoever thinks it is 50 : 50 that a certain person is in the table can become at most "
        f"{most_sure(release.epsilon)} sure by looking at these rows, whatever else they know."
    )
    if release.epsilon > VOID:
        return Finding("▲", "A bound that promises next to nothing", "bad", sentence, figures)
    if release.epsilon > WEAK:
        return Finding("◆", "A weak bound", "warning", sentence, figures)
    return Finding("✓", "A mathematical bound", "good", sentence, figures)


def part(release: Release, schema: Schema, *, rows: int, key: str = "dp", table: str = "") -> Part:
    """A private release for the report; nothing in it was computed from real rows without noise.

    Parameters
    ----------
    rows : int
        Synthetic rows that were drawn.
    """
    found = certificate(release, schema)
    spent = tuple((s["what"], share(s["share"]), f"{s['rho']:.3g}", f"{s['delta']:.3g}") for s in found["spent"])
    columns = tuple((c["name"], c["comes_out"]) for c in found["columns"])
    return Part(
        key,
        f"What do the private rows{' of ' + table if table else ''} promise?",
        finding(release),
        (
            Prose(
                f"The odds of any guess about one person change by a factor of at most e^ε = "
                f"{exp(min(release.epsilon, 300)):.3g}. With a chance of at most {one_in(release.delta)} (δ) this "
                "bound does not hold.",
                "The promise",
            ),
            Picture("What the budget was spent on", charts.budget_split(release.spent)),
            Grid("Budget", ("Step", "Share", "ρ", "δ"), spent, note=f"ρ = {found['rho']:.4g} in all."),
            Points(tuple(found["public"]), "Taken as known to everybody"),
            Grid("Columns", ("Column", "Comes out as"), columns, words=(1,)),
        ),
        (found["mechanism"], f"Neighbours, for the definition: {found['neighbours']}."),
        (*(f"Outside the guarantee: {_small(line)}" for line in found["outside"]),),
        (
            ("Synthetic rows", count(rows)),
            ("ε", f"{release.epsilon:g}"),
            ("δ", f"{release.delta:g}"),
            ("Unit", found["unit"]),
            ("Noise", "has no seed: nobody can repeat it"),
            ("Versions", ", ".join(f"{k} {v}" for k, v in found["versions"].items())),
        ),
    )


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
