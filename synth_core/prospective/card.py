"""The model card of a frozen scorer, as Markdown."""

from __future__ import annotations

import time
from importlib.metadata import PackageNotFoundError, version

from synth_core.prospective.results import Card

_LIBRARIES = ("lightgbm", "scikit-learn", "numpy", "pandas", "imbalanced-learn", "sdv")


def versions() -> tuple[tuple[str, str], ...]:
    """Libraries that the models came from; some may be absent."""
    found = []
    for name in _LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def markdown(card: Card, remarks: tuple[str, ...] = ()) -> str:
    """The card in words; the scorer's id is not in it, being made from the file's parts, this one included."""
    made = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(card.created))
    features = "\n".join(f"* {name}" for name in card.features)
    notes = "".join(f"* {remark}\n" for remark in remarks)
    return f"""# {card.name}

Both models of one lift study, frozen on {made} to score new leads side by side: only so can a prospective test say
what the synthetic rows were worth.

| | Real rows only | With synthetic rows |
|---|---|---|
| Arm | {card.reference_title} | {card.arm_title} |
| Key in the study | `{card.reference}` | `{card.arm}` |
| Real training rows | {card.train_rows:,} | {card.train_rows:,} |
| Added rows | 0 | {card.added_rows:,} |
| AUC on the locked holdout | {_auc(card.auc_reference)} | {_auc(card.auc_arm)} |

* Predicts: P({card.target} = {card.positive}), corrected to the share of {card.base_rate:.1%} among the training rows.
* Training table: {card.table}, SHA-256 of the training rows `{card.data_hash}`.
* Study: {f"run `{card.study}`" if card.study else "made in a notebook"}. Seed of the models: {card.seed}.
* Libraries: {", ".join(f"{name} {number}" for name, number in card.versions)}.
{notes}
## Features

{features}

A lead that lacks one of them is scored as if its value were missing. Levels that no training row has count as missing.

## What the file holds of the training rows

No row. It holds what scoring needs: names of columns and of levels, medians, means and scales, the trees' thresholds
or the coefficients, and for the comparison with new leads the deciles of every feature and how many rows lie between
them. Smallest and largest values are left out. Nothing here is differentially private.

## What it is not for

Scores say who is likelier, not why. They hold for leads that come as the training rows came: look at the drift of
every new file, and at the outcomes, before acting on them.
"""


def _auc(value: float | None) -> str:
    return "not looked at" if value is None else f"{value:.4f}"
