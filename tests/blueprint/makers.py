"""Blueprints for tests."""

from __future__ import annotations

import datetime as dt

from synth_core.blueprint import (
    Blueprint,
    Boolean,
    Category,
    Correlation,
    Date,
    Faked,
    Identifier,
    Number,
    TargetSpec,
)


def leads(**changes) -> Blueprint:
    """A blueprint with every kind of column."""
    stated = {
        "name": "Leads",
        "columns": (
            Identifier("lead_id", prefix="L"),
            Faked("email", "email"),
            Number("age", whole=True, low=18, high=80, mean=42),
            Number("income", distribution="lognormal", mean=50_000, sd=20_000, decimals=0, missing=0.1),
            Number("orders", whole=True, distribution="poisson", mean=2, zero=0.4),
            Category("channel", ("Search", "Social", "E-mail"), (0.5, 0.3, 0.2), missing=0.05),
            Boolean("member", 0.25),
            Date("day", dt.date(2026, 1, 1), dt.date(2026, 12, 31), weekdays=(1, 1, 1, 1, 1, 0.5, 0)),
        ),
        "rows": 20_000,
        "correlations": (Correlation("age", "income", 0.5), Correlation("orders", "member", 0.4)),
        "target": TargetSpec(
            "bought", 0.15, drivers={"income": 0.6, "orders": -0.4, "channel": {"E-mail": 1.0}, "member": 0.8}
        ),
    }
    return Blueprint(**(stated | changes))
