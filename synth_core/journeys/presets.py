"""Worlds to begin with: one thing wrong at a time, and one with everything."""

from __future__ import annotations

from synth_core.journeys.world import Channel, World

NAMES = ("Display", "Social", "Video", "Email", "Affiliates", "Generic search", "Brand search", "Direct")
_NONE = tuple((0.0,) * len(NAMES) for _ in NAMES)


def _matrix(entries: dict[tuple[str, str], float]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(entries.get((row, column), 0.0) for column in NAMES) for row in NAMES)


#                        reach  effect  decay  cost
_CHANNELS = {
    "Display": Channel("Display", 0.050, 0.0012, 4.0, cost=0.03),
    "Social": Channel("Social", 0.036, 0.0024, 3.0, cost=0.05),
    "Video": Channel("Video", 0.024, 0.0040, 5.0, cost=0.10),
    "Email": Channel("Email", 0.028, 0.0036, 2.0, cost=0.03),
    "Affiliates": Channel("Affiliates", 0.014, 0.0070, 2.0, cost=0.10),
    "Generic search": Channel("Generic search", 0.026, 0.0085, 2.5, cost=0.25),
    "Brand search": Channel("Brand search", 0.018, 0.0060, 1.5, cost=0.12),
    "Direct": Channel("Direct", 0.022, 0.0, 1.0),
}
_TARGETED = {"Brand search": 0.9, "Direct": 0.9, "Email": 0.5, "Affiliates": 0.4}
_UPSTREAM = _matrix(
    {
        ("Display", "Generic search"): 0.08,
        ("Display", "Direct"): 0.05,
        ("Video", "Brand search"): 0.15,
        ("Video", "Direct"): 0.10,
        ("Social", "Brand search"): 0.08,
        ("Generic search", "Brand search"): 0.12,
        ("Email", "Direct"): 0.12,
    }
)
_ORDER = _matrix(
    {
        ("Video", "Generic search"): 0.8,
        ("Video", "Social"): 0.5,
        ("Display", "Email"): 0.5,
        ("Social", "Brand search"): 0.6,
        ("Brand search", "Display"): -0.5,
    }
)


def _world(name: str, about: str, *, channels: dict[str, dict[str, float]] | None = None, **fields) -> World:
    changes = channels or {}
    made = tuple(
        Channel(**{**{f: getattr(c, f) for f in c.__dataclass_fields__}, **changes.get(c.name, {})})
        for c in _CHANNELS.values()
    )
    base = {"synergy": _NONE, "triggers": _NONE, "baseline": 0.0008, "intent": 0.6}
    return World(name=name, about=about, channels=made, **{**base, **fields})


_TARGETING = {name: {"targeting": value} for name, value in _TARGETED.items()}
_SATURATING = {name: {"saturation": 0.6} for name in NAMES if name != "Direct"}
_TRAP = {"Brand search": {"effect": 0.0, "targeting": 1.4, "reach": 0.03}, "Direct": {"targeting": 1.2}}

PRESETS: dict[str, World] = {
    "clean": _world("Clean", "Channels add up, nobody is targeted, nothing is lost: the easiest case."),
    "targeting": _world(
        "Targeting",
        "Brand search, Direct, Email and Affiliates meet people who would buy anyway: contact is not effect.",
        channels=_TARGETING,
    ),
    "upstream": _world(
        "Upstream", "Display, Video and Social bring about later touches on search and Direct.", triggers=_UPSTREAM
    ),
    "synergy": _world("Order synergy", "Some channels make a later one stronger, one makes it weaker.", synergy=_ORDER),
    "saturation": _world(
        "Saturation", "Each further touch on a channel counts 60 % of the one before.", channels=_SATURATING
    ),
    "long_decay": _world(
        "Long decay",
        "Effects last four times as long, at a quarter of the strength per day.",
        channels={n: {"decay": 4 * c.decay, "effect": c.effect / 4} for n, c in _CHANNELS.items()},
    ),
    "high_organic": _world(
        "High organic", "Most conversions would have come without any touch.", baseline=0.004, intent=0.8
    ),
    "tracking_loss": _world(
        "Tracking loss",
        "A quarter of the touches is not recorded, and a third of the users has two ids.",
        lost=0.25,
        split=0.33,
    ),
    "delayed": _world(
        "Delayed effect",
        "Effects rise for days before they fall: no model here assumes that.",
        delay=3.0,
    ),
    "brand_trap": _world(
        "Brand-search trap",
        "Brand search causes nothing and meets those who buy anyway: whoever credits it pays for nothing.",
        channels=_TRAP,
        intent=1.0,
        baseline=0.0015,
    ),
    "full": _world(
        "Everything at once",
        "Targeting, upstream triggers, order synergy, saturation, and a tenth of the touches lost.",
        channels={n: {**_SATURATING.get(n, {}), **_TARGETING.get(n, {})} for n in NAMES},
        triggers=_UPSTREAM,
        synergy=_ORDER,
        lost=0.1,
        split=0.1,
    ),
}
