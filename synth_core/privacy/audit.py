"""Attack synthetic rows with every meter, and put what was found into one report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from synth_core.errors import SchemaError
from synth_core.privacy import distances, inference, linkability, matches, membership, overlap, singling_out
from synth_core.privacy.census import Census, census
from synth_core.privacy.judgement import headline, judge
from synth_core.privacy.knowledge import modelled, presets
from synth_core.privacy.population import Population, population
from synth_core.privacy.results import PrivacyReport
from synth_core.progress import SILENT, Progress
from synth_core.records import Unavailable
from synth_core.tables import Holdout, Schema, Train

_ATTACKS = "Distances and attacks"
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
        However they were made. Columns that are missing are listed.
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
    names = [n for n in modelled(schema) if n in synthetic]
    known, secret_columns = _outsider(schema, known, secret_columns)
    unavailable = _not_compared(train, synthetic)
    counted = census(train, holdout, synthetic, names) if names else None
    copies = matches.find(counted) if counted else matches.Matches(0, 0, None)
    findings = [copies.finding] if copies.finding else []
    pictures, curves, secrets, who = None, [], [], None
    if reason := _why_not(holdout, counted):
        unavailable.append(Unavailable(_ATTACKS, reason))
    else:
        who = population(counted, seed=seed)
        steps = _steps(who, known, secret_columns, seed)
        results = {}
        for done, (name, step) in enumerate(steps.items()):
            progress.report("attacking", done, len(steps))
            results[name] = step()
        progress.report("attacking", len(steps), len(steps))
        pictures, nearest = results["distances"]
        curves, guesses = results["membership"]
        secrets, guessed = results["attribute"]
        found = {"Singling out": results["singling out"], "Linkability": results["linkability"],
                 "Attribute inference": guessed}  # fmt: skip
        findings += [*nearest, *guesses, *(f for f in found.values() if f)]
        unavailable += [Unavailable(title, _NO_ATTACK[title]) for title, finding in found.items() if finding is None]
    overlaps = overlap.find(train.frame, synthetic, schema)
    meters = judge(findings)
    return PrivacyReport(
        headline=headline(meters, overlaps),
        meters=meters,
        distances=pictures,
        memberships=tuple(curves),
        secrets=tuple(secrets),
        overlaps=tuple(overlaps),
        unavailable=tuple(unavailable),
        matches=copies.rows,
        matches_unique=copies.unique_rows,
        train_rows=len(train),
        holdout_rows=len(holdout) if holdout is not None else 0,
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


_NO_ATTACK = {
    "Singling out": "no description of a single synthetic row fits exactly one real row",
    "Linkability": "needs at least two columns",
    "Attribute inference": "no secret column varies, or nothing is known",
}


def _steps(
    who: Population, known: Sequence[str], secret_columns: Sequence[str], seed: int
) -> dict[str, Callable[[], object]]:
    return {
        "distances": lambda: distances.measure(who),
        "membership": lambda: membership.attack(who),
        "singling out": lambda: singling_out.attack(who, seed=seed),
        "linkability": lambda: linkability.attack(who),
        "attribute": lambda: inference.attack(who, *_present(who, known, secret_columns)),
    }


def _present(who: Population, *columns: Sequence[str]) -> list[list[str]]:
    return [[n for n in group if n in who.names] for group in columns]


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


def _not_compared(train: Train, synthetic: pd.DataFrame) -> list[Unavailable]:
    absent = [n for n in modelled(train.schema) if n not in synthetic]
    found = [Unavailable(n, "not among the synthetic columns, so left out of every comparison") for n in absent]
    if train.by_date is not None:
        reason = f"the unseen rows are the later ones by “{train.by_date}”: what changed over time can look like a leak"
        found.append(Unavailable("A fair yardstick", reason))
    return found


def _why_not(holdout: Holdout | None, counted: Census | None) -> str | None:
    """Why distances and attacks cannot be judged; None where they can."""
    if counted is None:
        return "the synthetic rows have none of the columns that a generator learns"
    if holdout is None or not len(holdout):
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
