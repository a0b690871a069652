"""How a generator's rules are written to a file: bounds, combinations and quantiles, no row."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from synth_core.generators._rewrite import Computed, Gap, Joint, Rewrite
from synth_core.generators.prepare import Quantity
from synth_core.tables import Schema


def to_state(plan: Rewrite) -> dict[str, Any]:
    """What putting rows back and repairing them needs, as plain values and arrays."""
    schema = replace(plan.schema, columns=tuple(replace(c, examples=()) for c in plan.schema))
    return {
        "schema": schema.to_dict(),
        "grids": {n: asdict(g) for n, g in plan.grids.items()},
        "movable": sorted(plan.movable),
        "joints": [{"name": j.name, "columns": j.columns, "rows": j.rows} for j in plan.joints],
        "gaps": [
            {"high": g.high, "lows": g.lows, "least": float(g.least), "grid": asdict(g.grid), "spare": g.spare}
            for g in plan.gaps
        ],
        "computed": [
            {"derived": c.rule.derived, "blank_at_zero": bool(np.isnan(c.zero)), "learned": c.learned, "spare": c.spare}
            for c in plan.computed
        ],
    }


def from_state(state: dict[str, Any]) -> Rewrite:
    """The plan of which :func:`to_state` made ``state`` (lists may have come back for tuples)."""
    plan = Rewrite.__new__(Rewrite)
    plan.schema = Schema.from_dict(state["schema"])
    rules = {r.columns[0]: r for r in plan.schema.rules if hasattr(r, "derived")}
    plan.grids = {n: Quantity(**g) for n, g in state["grids"].items()}
    plan.movable = set(state["movable"])
    plan.joints = [Joint(j["name"], tuple(j["columns"]), tuple(map(tuple, j["rows"]))) for j in state["joints"]]
    plan.fixed = {c for j in plan.joints for c in j.columns}
    plan.gaps = [
        Gap(g["high"], tuple(g["lows"]), g["least"], Quantity(**g["grid"]), np.asarray(g["spare"], dtype=float))
        for g in state["gaps"]
    ]
    plan.computed = [
        Computed(
            rules[c["derived"]],
            np.nan if c["blank_at_zero"] else 0.0,
            c["learned"],
            np.asarray(c["spare"], dtype=float),
        )
        for c in state["computed"]
    ]
    return plan
