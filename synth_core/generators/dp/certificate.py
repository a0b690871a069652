"""What comes with private rows: the guarantee, what it cost, what it takes as known, and what it does not cover."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from synth_core.generators.dp.release import Release
from synth_core.tables import Role, Schema

MECHANISM = (
    "MST (McKenna, Miklau and Sheldon, 2021), with a target: noisy counts of every column, of every column together "
    "with the target if there is one, and of the pairs of other columns that form a tree; then rows drawn from a "
    "distribution that agrees with them. Discrete Gaussian noise of OpenDP, seeded "
    "by nobody; ρ-zCDP added up and turned into (ε, δ) after Canonne, Kamath and Steinke (2020)."
)
_MEANING = (
    "Whatever somebody already knows, these rows change the odds of their guess whether {whose} was in the table by a "
    "factor of e^ε = {factor} at most, but for a chance of about δ."
)
_OUTSIDE = (
    "Which rows were measured. The neighbours are two sets of measured rows. If they were split from a larger table, "
    "one row more in that table may change the split, and so who is measured: the factor above does not bound that.",
    "Everything that was computed on the real rows themselves: fidelity and privacy figures, charts, verdicts, the "
    "exact number of rows.",
    "Other releases from the same people: their ε add up. The ledger of this dataset lists what was spent here.",
    "What is true of the people as a group: a pattern learned from these rows can be held against anybody it fits, "
    "whether or not they are in the table.",
    "What the analyst saw before: roles and the target were confirmed by somebody who knew the table.",
)
_PACKAGES = ("synthetic-data-studio", "opendp", "numpy", "scipy", "pandas")


def certificate(release: Release, schema: Schema) -> dict[str, Any]:
    """The guarantee of a release, as plain values; nothing in it was read off the real rows."""
    total = sum(s.rho for s in release.spent)
    modelled = {axis.name for axis in release.axes}
    return {
        "mechanism": MECHANISM,
        "epsilon": release.epsilon,
        "delta": release.delta,
        "rho": total,
        "unit": "one row" if release.unit is None else f"all rows with the same “{release.unit}”",
        "rows_per_person": release.unit_rows,
        "neighbours": "two sets of measured rows, one of which has the rows of one person more",
        "spent": [
            {"what": s.what, "rho": s.rho, "share": s.rho / total if total else 0.0, "delta": s.delta}
            for s in release.spent
        ],
        "public": _public(release, schema),
        "columns": [
            {"name": c.name, "comes_out": "drawn" if c.name in modelled else _aside(c.name, release, schema)}
            for c in schema
        ],
        "outside": list(_OUTSIDE),
        "versions": {name: _version(name) for name in _PACKAGES},
    }


def to_markdown(found: dict[str, Any]) -> str:
    """A certificate to read."""
    whose = "one row" if found["unit"] == "one row" else "one person"
    factor = 2.718281828459045 ** min(found["epsilon"], 300)
    rows = f", at most {found['rows_per_person']:,} of them" if found["unit"] != "one row" else ""
    lines = [
        "# Certificate of differential privacy",
        "",
        f"**ε = {found['epsilon']:g}, δ = {found['delta']:g}** for {found['unit']}{rows}.",
        "",
        _MEANING.format(whose=whose, factor=f"{factor:.3g}"),
        "",
        found["mechanism"],
        f"Neighbours: {found['neighbours']}.",
        "",
        "## What the budget was spent on",
        "",
        f"ρ = {found['rho']:.6g} in all.",
        "",
        "| step | share | ρ | δ |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {_cell(s['what'])} | {100 * s['share']:.1f} % | {s['rho']:.3g} | {s['delta']:.3g} |" for s in found["spent"]
    ]
    lines += ["", "## Taken as known to everybody", "", *(f"- {text}" for text in found["public"])]
    lines += ["", "## Outside the guarantee", "", *(f"- {text}" for text in found["outside"])]
    lines += ["", "## Columns", "", "| column | comes out as |", "|---|---|"]
    lines += [f"| {_cell(c['name'])} | {c['comes_out']} |" for c in found["columns"]]
    lines += ["", "## Versions", "", *(f"- {name} {version}" for name, version in found["versions"].items()), ""]
    return "\n".join(lines)


def _public(release: Release, schema: Schema) -> list[str]:
    facts = ["Names, order, kinds and roles of the columns, and the formats of dates."]
    if schema.target is not None:
        positive = f" and its class of interest, “{schema.positive}”" if schema.positive is not None else ""
        facts.append(f"The target, “{schema.target}”{positive}.")
    if release.unit is not None:
        facts.append(f"The person column, “{release.unit}”, and that at most {release.unit_rows:,} rows each are used.")
    if declared := [axis.name for axis in release.axes if axis.declared]:
        facts.append(f"The values or bounds that were declared for {', '.join(declared)}.")
    return facts


def _aside(name: str, release: Release, schema: Schema) -> str:
    new = name == release.unit or schema[name].role is Role.IDENTIFIER
    return "new ids, made without a look at the real ones" if new else "blank"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "unknown"


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
