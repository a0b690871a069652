"""Attack synthetic rows with every meter, and put what was found into one report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from synth_core.errors import SchemaError
from synth_core.privacy import distances, inference, linkability, matches, membership, overlap, singling_out
from synth_core.privacy.census import Census, census
from synth_core.privacy.finding import Finding
from synth_core.privacy.judgement import headline, judge
from synth_core.privacy.knowledge import modelled, presets
from synth_core.privacy.population import Population, population
from synth_core.privacy.results import Distances, Membership, PrivacyReport, Secret
from synth_core.progress import SILENT, Progress
from synth_core.records import Unavailable
from synth_core.tables import Holdout, Schema, Train
from synth_core.tables.alignment import Aligned, align

_FEWEST = 20  #: rows that count, of each kind, under which nothing can be told


def report(
    train: Train,
    holdout: Holdout | None,
    synthetic: pd.DataFrame,
    *,
    seed: int,
    known: Sequence[str] | None = None,
    secret_columns: Sequence[str] | None = None,
    progress: Progress = SILENT,
) -> PrivacyReport:
    """How much synthetic rows give away about the rows they were learned from.

    Parameters
    ----------
    train : Train
        What the generator learned from.
    holdout : Holdout or None
        Real rows it never saw; without them only verbatim rows and values can be looked for.
    synthetic : pandas.DataFrame, shape (n_rows, n_columns)
        However they were made. Columns that cannot be compared are listed with the reason.
    seed : int
        For samples and attacks.
    known, secret_columns : sequence of str, optional
        What an outsider knows and wants to learn; by default the first of :func:`~synth_core.privacy.presets`.
    progress : Progress

    Raises
    ------
    SchemaError
        A known or secret column is not there, or no model looks at it.
    """
    schema = train.schema
    known, secret_columns = _outsider(schema, known, secret_columns)
    aligned = align(train, holdout if holdout is not None and len(holdout) else None, synthetic, modelled(schema))
    unavailable = [*aligned.unavailable, *_drift(train)]
    counted = census(aligned, schema.target) if aligned.columns else None
    copies = matches.find(counted) if counted else matches.Matches(0, 0, None)
    attacked, who = _Attacked(), None
    if reason := _why_not(aligned, counted):
        unavailable.append(Unavailable("Distances and attacks", reason))
    else:
        who = population(counted, seed=seed)
        attacked = _attack(who, schema, known, secret_columns, seed, progress)
    overlaps = overlap.find([rows.frame for rows in (train, holdout) if rows is not None], synthetic, schema)
    meters = judge([*([copies.finding] if copies.finding else []), *attacked.findings])
    return PrivacyReport(
        headline=headline(meters, overlaps),
        meters=meters,
        distances=attacked.distances,
        memberships=tuple(attacked.memberships),
        secrets=tuple(attacked.secrets),
        overlaps=tuple(overlaps),
        unavailable=(*unavailable, *attacked.unavailable),
        matches=copies.rows,
        matches_unique=copies.unique_rows,
        train_rows=len(train),
        holdout_rows=aligned.holdout_rows,
        synthetic_rows=len(synthetic),
        unique_train=int(counted.train_alone.sum()) if counted else 0,
        unique_holdout=int(counted.holdout_alone.sum()) if counted else 0,
        sampled_train=len(who.train) if who else 0,
        sampled_holdout=len(who.holdout) if who else 0,
        sampled_synthetic=len(who.synthetic) if who else 0,
        known=known,
        secret_columns=secret_columns,
        seed=seed,
    )


@dataclass
class _Attacked:
    """What distances and attacks gave."""

    distances: Distances | None = None
    memberships: Sequence[Membership] = ()
    secrets: Sequence[Secret] = ()
    findings: list[Finding] = field(default_factory=list)
    unavailable: list[Unavailable] = field(default_factory=list)


def _attack(
    who: Population,
    schema: Schema,
    known: Sequence[str],
    secret_columns: Sequence[str],
    seed: int,
    progress: Progress,
) -> _Attacked:
    out, steps = _Attacked(), 5
    progress.report("attacking", 0, steps)
    out.distances, findings = distances.measure(who)
    out.findings += findings
    progress.report("attacking", 1, steps)
    out.memberships, findings = membership.attack(who)
    out.findings += findings
    progress.report("attacking", 2, steps)
    singled = singling_out.attack(who, seed=seed)
    progress.report("attacking", 3, steps)
    linked = linkability.attack(who)
    progress.report("attacking", 4, steps)
    usable = ([n for n in names if n in who.names] for names in (known, secret_columns))
    out.secrets, guessed = inference.attack(who, schema, *usable)
    progress.report("attacking", 5, steps)
    for title, finding, reason in (
        ("Singling out", singled, "no description of a single synthetic row fits exactly one real row"),
        ("Linkability", linked, "needs at least two columns"),
        ("Attribute inference", guessed, "no secret column varies, or nothing is known"),
    ):
        if finding is None:
            out.unavailable.append(Unavailable(title, reason))
        else:
            out.findings.append(finding)
    return out


def _outsider(
    schema: Schema, known: Sequence[str] | None, secret_columns: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns as given, each checked, or those of the first preset."""
    usual = presets(schema)
    if known is None:
        known = usual[0].known if usual else ()
    if secret_columns is None:
        secret_columns = usual[0].secret_columns if usual else ()
    usable = modelled(schema)
    for name in (*known, *secret_columns):
        if schema[name].name not in usable:
            raise SchemaError(
                f"“{name}” is {schema[name].role}: no generator looks at it, so nothing can be guessed with it or "
                "about it. Choose features or the target."
            )
    return tuple(known), tuple(secret_columns)


def _drift(train: Train) -> list[Unavailable]:
    if train.by_date is None:
        return []
    reason = f"the unseen rows are the later ones by “{train.by_date}”: what changed over time can look like a leak"
    return [Unavailable("A fair yardstick", reason)]


def _why_not(aligned: Aligned, counted: Census | None) -> str | None:
    """Why distances and attacks cannot be judged; None where they can."""
    if counted is None:
        return "the synthetic rows have none of the columns that a generator learns"
    if not aligned.holdout_rows:
        return "they need real rows that the generator never saw, as a yardstick"
    for alone, what in ((counted.train_alone, "training"), (counted.holdout_alone, "unseen")):
        if alone.sum() < _FEWEST:
            return (
                f"only {alone.sum():,} {what} rows occur once among the real rows ({_FEWEST} are needed): rows that "
                "several people share single nobody out"
            )
    made, counts = len(counted.synthetic), int(counted.synthetic_counts.sum())
    if made < _FEWEST:
        return f"only {made:,} synthetic rows ({_FEWEST} are needed)"
    if counts < _FEWEST:
        return (
            f"only {counts:,} of {made:,} synthetic rows ({_FEWEST} are needed) differ from each other and from rows "
            "that several people share"
        )
    return None
