"""How close synthetic rows are to real ones, in words and for the report."""

from __future__ import annotations

from synth_core import charts
from synth_core.fidelity import FidelityReport, Score
from synth_core.reports.document import Block, Finding, Grid, Part, Picture, Points
from synth_core.wording import count, score, share

#: What a score should be → sign and words.
BETTER = {"lower": "↓ lower", "higher": "↑ higher", "0.5": "→ near 0.5", "1": "→ near 1"}
_PANELS = 6  #: columns drawn one by one
_MOST = 40  #: columns in the table


def value(number: float | None) -> str:
    """Three decimals, none for a count."""
    return count(number) if number is not None and float(number).is_integer() else score(number)


def finding(report: FidelityReport) -> Finding:
    """Whether a model tells the rows from real ones, and how many columns are far off."""
    test = report.two_sample
    if test is None:
        return Finding("○", "Compared column by column", "neutral", report.headline)
    if test.told:
        look = "◆", "Can be told from real rows", "warning"
    else:
        look = "●", "Not told from real rows", "neutral"
    figures = [
        f"{title} {score(auc)}"
        for title, auc in (
            ("AUC of a model that tells synthetic rows from unseen real ones", test.auc_fresh),
            ("the same between two sets of real rows", test.auc_real),
        )
        if auc is not None
    ]
    if not figures and test.auc_train is not None:
        figures.append(f"AUC of a model that tells synthetic rows from training rows {score(test.auc_train)}")
    if not report.holdout_rows:
        figures.append("no real rows were kept from the generator to compare with")
    return Finding(*look, f"{report.headline} {test.sentence}", tuple(figures))


def part(
    report: FidelityReport, *, made: str, key: str = "fidelity", table: str = "", notes: tuple[str, ...] = (),
    record: tuple[tuple[str, str], ...] = (),
) -> Part:  # fmt: skip
    """A comparison for the report.

    Parameters
    ----------
    made : str
        How the rows were made, as a sentence.
    table : str
        Name of the table, where a report is about several.
    notes : tuple of str
        What the generator changed.
    record : tuple of (name, value)
        Generator, settings, seed, fingerprints.
    """
    about = f" of {table}" if table else ""
    return Part(
        key,
        f"How close are the synthetic rows to the real ones{about}?",
        finding(report),
        _evidence(report),
        _method(report, made),
        _limits(report),
        (
            *record,
            ("Rows compared", _rows(report)),
            *([("Samples", " ".join(report.sampling))] if report.sampling else []),
            ("Seed of the comparison", str(report.seed)),
            *([("Notes", " ".join(notes))] if notes else []),
        ),
    )


def _evidence(report: FidelityReport) -> tuple[Block, ...]:
    blocks: list[Block] = [_scores(report), Picture("Difference column by column", charts.kl_bars(report))]
    if report.features:
        several = len(report.features) > 1
        title = f"The {min(_PANELS, len(report.features))} columns that differ most" if several else "The column"
        blocks.append(Picture(title, charts.marginals(report, limit=_PANELS)))
        blocks.append(_columns(report))
    blocks.append(Picture("Can a model tell them apart?", charts.two_sample(report)))
    if report.two_sample and report.two_sample.telling:
        lines = tuple(
            f"{t.name} ({share(t.share)} of the model's gain): {t.sentence}" for t in report.two_sample.telling
        )
        blocks.append(Points(lines, "What gives the synthetic rows away"))
    if report.associations is not None:
        blocks.append(Picture("Columns together", charts.correlations(report)))
    if report.target is not None:
        blocks.append(Picture("What each column tells about the target", charts.target_relation(report)))
    if report.unavailable:
        blocks.append(Points(tuple(f"{u.name}: {u.reason}" for u in report.unavailable), "Not available"))
    return tuple(blocks)


def _scores(report: FidelityReport) -> Grid:
    held = report.holdout_rows > 0
    columns = ("Score", "Synthetic", *(["Real holdout"] if held else []), "Better", "What was found")
    return Grid(
        "Scores of the whole table",
        columns,
        tuple(_row(s, held) for s in report.scores),
        words=(2 + held, 3 + held),
        note="“Real holdout” is what real rows score that no generator saw: what a perfect generator would look like."
        if held
        else "",
    )


def _row(found: Score, held: bool) -> tuple[str, ...]:
    reference = (value(found.reference),) if held else ()
    return (found.title, value(found.value), *reference, BETTER[found.better], found.sentence)


def _columns(report: FidelityReport) -> Grid:
    worst = sorted(report.features, key=lambda f: -f.synthetic.kl)
    shown = worst[:_MOST]
    return Grid(
        "Columns in figures",
        ("Column", "KL", "KL by chance", "Missing, real", "Missing, synthetic", "What was found"),
        tuple(
            (f.name, score(f.synthetic.kl), score(f.synthetic.kl_noise), share(f.missing_real),
             share(f.synthetic.missing), f.sentence)
            for f in shown
        ),
        words=(5,),
        note="KL: Kullback–Leibler divergence of the synthetic from the real distribution, in nats; 0 is equal, and "
        "“by chance” is what real rows of the same number would show."
        + (f" The {_MOST} worst of {len(worst)} columns." if len(worst) > _MOST else ""),
    )  # fmt: skip


def _rows(report: FidelityReport) -> str:
    held = f", {count(report.holdout_rows)} real rows that it never saw" if report.holdout_rows else ""
    return f"{count(report.synthetic_rows)} synthetic, {count(report.train_rows)} real rows it learned from{held}"


def _method(report: FidelityReport, made: str) -> tuple[str, ...]:
    yardstick = (
        f" Every figure stands beside the same figure for {count(report.holdout_rows)} real rows that the generator "
        "never saw: nobody can ask synthetic rows to be closer than that."
        if report.holdout_rows
        else ""
    )
    return (
        made,
        f"{count(report.synthetic_rows)} synthetic rows were compared with the {count(report.train_rows)} real rows "
        f"they were learned from: column by column, in pairs, and by a model that tries to tell them apart.{yardstick}",
    )


def _limits(report: FidelityReport) -> tuple[str, ...]:
    return (
        "Close is not the same as useful: whether the rows improve a model is what a lift study answers.",
        "Close is not the same as private: rows can be too close. That is what a privacy check answers.",
        "The comparison looks at columns, pairs and one classifier. Patterns of many columns together may still "
        "differ.",
    )
