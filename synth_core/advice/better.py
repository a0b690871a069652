"""What would help more than synthetic rows, or before them, each with the figures of this table."""

from __future__ import annotations

from synth_core.advice import curve
from synth_core.advice.case import Case, gain, named, outcome, share, signed
from synth_core.advice.results import Better
from synth_core.advice.thresholds import GAPS
from synth_core.lift.verdict import FEWEST, SMALLEST_GAIN


def better(case: Case) -> tuple[Better, ...]:
    """Every rule's proposal, the most useful first."""
    return tuple(found for rule in _RULES if (found := rule(case)) is not None)


def blueprint(case: Case) -> Better | None:
    facts = case.facts
    if facts.features and facts.rows >= 10:
        return None
    return Better(
        "blueprint",
        "Describe the table instead",
        "State ranges, shares, correlations and what drives the outcome: the rows follow, with the best score that any "
        "model can reach on them.",
        (f"{facts.rows:,} rows, {facts.features} usable columns",),
        "Blueprint",
    )


def target(case: Case) -> Better | None:
    if case.goal != "predict" or case.facts.obstacle is None or not case.facts.features:
        return None
    return Better("target", "Choose what to predict", "Pick the target column above, then ask again.", ())


def cleaning(case: Case) -> Better | None:
    facts, what, evidence = case.facts, [], []
    if facts.leaks and case.goal == "predict":
        what.append("set aside the columns that are known only after the outcome")
        evidence.append(f"{len(facts.leaks)} found")
    if facts.missing >= GAPS or facts.hollow:
        what.append("find out why cells are missing, and leave out columns that are mostly empty")
        evidence.append(f"{share(facts.missing)} of the cells missing")
        evidence += [f"mostly empty: {named(facts.hollow)}"] if facts.hollow else []
    if facts.features and facts.rows > 2 * facts.distinct:
        what.append("find out why rows repeat")
        evidence.append(f"{facts.rows:,} rows, {facts.distinct:,} differ")
    if facts.crowded:
        what.append("group the values of columns that have very many")
        evidence += [f"“{n}”: {count:,} values" for n, count in facts.crowded[:3]]
    if not what:
        return None
    words = "; ".join(what)
    return Better("cleaning", "Clean the table", words[0].upper() + words[1:] + ".", tuple(evidence))


def recent(case: Case) -> Better | None:
    drift = case.facts.drift
    if case.goal != "predict" or drift is None or not (drift.outcome_moved or drift.shifted):
        return None
    return Better(
        "recent",
        "Recent rows, judged on later ones",
        f"Train on what has happened since {drift.since}, and let Lift split by “{drift.column}” so that models are "
        "scored on rows later than those they learned from.",
        tuple(f"“{n}” shifted (index {i:.2f})" for n, i in drift.shifted[:3]),
        "Lift",
    )


def collect(case: Case) -> Better | None:
    """Rows that are missing for a first verdict."""
    facts = case.facts
    if case.goal != "predict" or facts.task is None or facts.rare_distinct >= FEWEST:
        return None
    missing = FEWEST - facts.rare_distinct
    return Better(
        "real rows", "More real rows", f"{missing:,} more {outcome(facts)} make a first verdict possible.",
        (f"{facts.rare_distinct:,} now, {FEWEST} needed",),
    )  # fmt: skip


def columns(case: Case) -> Better | None:
    """Other columns, where these tell nothing."""
    found = case.learning
    if case.goal != "predict" or found is None or not curve.no_signal(found):
        return None
    return Better(
        "columns", "More columns, not more rows",
        "Look for what could tell the outcome and is not in the table yet: channel, history, timing.",
        (f"{found.metric} {found.score.mean:.3f} from {case.facts.features} features",),
    )  # fmt: skip


def real_rows(case: Case) -> Better | None:
    """What more real rows would add."""
    facts, found = case.facts, case.learning
    if case.goal != "predict" or facts.task is None or facts.rare_distinct < FEWEST:
        return None
    if found is None:
        return Better(
            "real rows", "More real rows",
            "A real row helps at least as much as a synthetic one. The learning curve below says how much.",
            (f"{facts.train_rows:,} training rows now",),
        )  # fmt: skip
    done = curve.no_signal(found) or curve.no_room(found) or curve.flat(found)
    if done or found.some is None or found.some.mean <= 0:
        return None
    few, many = found.some, found.twice
    told = "" if few.low > 0 else " That cannot be told from none."
    return Better(
        "real rows", "More real rows",
        f"{few.rows:,} more would add about {gain(few, found.metric)}; as many again ({many.rows:,}) about "
        f"{gain(many, found.metric)}.{told}",
        (f"{found.metric} {found.score.mean:.3f} with {found.score.rows:,} rows",),
    )  # fmt: skip


def simpler(case: Case) -> Better | None:
    """A smaller model, where it was measured to do better."""
    found = case.learning
    if case.goal != "predict" or found is None:
        return None
    default, simple = found.model("R1"), found.model("R2")
    if simple is None or simple.score - default.score < SMALLEST_GAIN:
        return None
    return Better(
        "simpler", "A smaller model",
        f"{simple.title} gains {signed(simple.score - default.score)} {found.metric} without a single new row.",
        (f"{default.title}: {default.score:.3f}", f"{simple.title}: {simple.score:.3f}"),
        "Lift",
    )  # fmt: skip


def threshold(case: Case) -> Better | None:
    """Threshold and class weights, for a rare outcome."""
    facts, found = case.facts, case.learning
    if case.goal != "predict" or not case.imbalanced:
        return None
    text = (
        "A model says “yes” above 50 % unless it is told otherwise. Move that threshold, or weight the classes, before "
        "making rows: it costs nothing."
    )
    evidence = [f"{share(facts.rare_share)} of the rows have the outcome"]
    plain = found.model(found.reference) if found else None
    if plain is not None and plain.f1_tuned is not None:
        evidence.append(f"F1 {plain.f1_at_half:.2f} at 50 %, {plain.f1_tuned:.2f} at the tuned threshold")
        weighted = found.model("W")
        if weighted is not None:
            evidence.append(f"with class weights {found.metric} {weighted.score:.3f}, without {plain.score:.3f}")
    return Better("threshold", "Threshold and class weights", text, tuple(evidence), "Lift")


def guarantee(case: Case) -> Better | None:
    """A private release, where rows are to leave and are said not to be sensitive although columns are."""
    if case.sensitive or case.goal == "predict" or not case.facts.sensitive:
        return None
    return Better(
        "guarantee", "A privacy guarantee",
        "Some columns look sensitive. If the rows are about people, say so above: only differential privacy bounds "
        "what can be learned about one of them.",
        (named(case.facts.sensitive),),
        "Budget",
    )  # fmt: skip


def aggregates(case: Case) -> Better | None:
    """A few figures instead of rows."""
    if not case.sensitive or case.goal == "predict" or not case.facts.features:
        return None
    return Better(
        "aggregates", "A few figures instead of rows",
        "If five numbers answer the question, share those: the same ε spent on few counts buys far less noise.",
        (f"{case.facts.modelled} columns would share one budget",),
    )  # fmt: skip


_RULES = (blueprint, target, cleaning, recent, collect, columns, simpler, threshold, real_rows, guarantee, aggregates)
