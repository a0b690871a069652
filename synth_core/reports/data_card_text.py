"""A data card to read, and the first lines of a pack; whatever somebody else named cannot be more than text in them."""

from __future__ import annotations

from typing import Any

from synth_core.generators.dp.certificate import to_markdown as certificate_markdown
from synth_core.reports.data_card import DataCard
from synth_core.reports.pack_names import markdown, plain
from synth_core.wording import count

_README = """\
{first}

HOW TO USE
{how}
Every row of both tables has is_synthetic = True in the last column: keep that column, so that the rows are known for
what they are wherever they go.

FILES
{files}

GOOD FOR
{good}

NOT FOR
{bad}

WHAT WAS CHECKED
{checked}
"""
_FILES = {
    "synthetic.csv": "the rows; text that a spreadsheet would run as a formula has an apostrophe before it",
    "synthetic.parquet": "the same rows with the types of the columns; nothing is changed in texts",
    "data_card.md": "columns, generator, settings, seed, fidelity and privacy figures, intended use, limits",
    "data_card.json": "the same for programs",
    "certificate.md": "the certificate of differential privacy",
    "certificate.json": "the same for programs",
    "report.html": "the report with charts; opens in any browser, without a network",
    "runs/": "stored results; Synthetic Data Studio shows the same pages from them (Report, Open a hand-over pack)",
    "manifest.json": "SHA-256 and size of every file",
}


def first_line(card: DataCard, product: str) -> str:
    """What the pack is, in one line."""
    return (
        f"SYNTHETIC DATA, not real records: {count(card.rows)} rows made from the table “{plain(card.table)}” by "
        f"{card.generator} on {card.made}, with Synthetic Data Studio {product}."
    )


def readme(card: DataCard, product: str, names: set[str]) -> str:
    """What stands in ``README.txt`` of a pack that holds the files ``names``."""
    present = {n: t for n, t in _FILES.items() if n in names or n.endswith("/")}
    width = max(map(len, present))
    return _README.format(
        first=first_line(card, product),
        how="Open synthetic.csv in a spreadsheet, or read synthetic.parquet with pandas, R, Spark or DuckDB.",
        files="\n".join(f"{name.ljust(width)}  {text}" for name, text in present.items()),
        good="\n".join(f"- {line}" for line in card.intended_use),
        bad="\n".join(f"- {line}" for line in card.not_for),
        checked=plain(card.checked, 2_000),
    )


def to_markdown(card: DataCard, product: str) -> str:
    """The card to read."""
    split, private = card.split, card.certificate is not None
    lines = [
        f"# Data card: {count(card.rows)} synthetic rows from {markdown(card.table)}",
        "",
        f"**{markdown(first_line(card, product), 400)}**",
        "",
        f"- Generator: {markdown(card.generator)} ({_pairs(card.settings) or 'no settings'})",
        f"- Seed: {card.seed}" + ("; the noise of differential privacy has none" if private else ""),
        f"- Conditions: {_pairs(card.where) or 'none'}",
        f"- Target: {markdown(card.target) if card.target else 'none'}"
        + (f" = {markdown(card.positive)}" if card.positive else ""),
        f"- Real rows: {_split(split)}",
        f"- Checked: {markdown(card.checked, 2_000)}",
        "",
        "## Columns",
        "",
        "| column | header in the files | role | kind | comes out as |",
        "|---|---|---|---|---|",
        *(
            f"| {markdown(c['name'])} | {markdown(c['header'])} | {c['role']} | {c['kind']} | {c['comes_out']} |"
            for c in card.columns
        ),
        "",
        *_section("Rules kept", card.rules),
        *_section("Notes", card.notes),
        *_fidelity(card.fidelity),
        *_privacy(card.privacy),
        *_lift(card.lift),
    ]
    if card.certificate is not None:
        lines += ["## Differential privacy", "", *_certificate(card.certificate), ""]
    lines += _section("Intended use", card.intended_use) + _section("Not to be used for", card.not_for)
    lines += _section("Versions", [f"{name} {version}" for name, version in card.versions.items()])
    return "\n".join(lines)


def certificate_text(found: dict[str, Any]) -> str:
    """The certificate to read, names in it made harmless."""
    return certificate_markdown(_escaped(found))


def _escaped(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _escaped(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_escaped(value) for value in found]
    return plain(found, 2_000).replace("<", "&lt;").replace("[", "\\[") if isinstance(found, str) else found


def _section(title: str, lines: Any) -> list[str]:
    return [f"## {title}", "", *(f"- {markdown(line, 1_000)}" for line in lines), ""] if lines else []


def _pairs(found: dict[str, Any]) -> str:
    return ", ".join(
        f"{markdown(str(k))}: {'automatic' if v is None else markdown(str(v), 400)}" for k, v in found.items()
    )


def _split(split: dict[str, Any]) -> str:
    share = f"{100 * split['holdout_share']:g} % locked away before the generator learned"
    if split["training_rows"] is None:
        return f"{share}; their exact number is outside the guarantee and not given"
    return f"{count(split['training_rows'])} to learn from, {count(split['holdout_rows'])} locked away ({share})"


def _fidelity(found: dict[str, Any]) -> list[str]:
    lines = ["## Fidelity", ""]
    if "left_out" in found:
        return [*lines, found["left_out"], ""]
    lines += [
        markdown(found["headline"], 600),
        "",
        "| score | synthetic rows | real holdout | better |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {markdown(s['title'])} | {_number(s['value'])} | {_number(s['real_holdout'])} | {markdown(s['better'])} |"
        for s in found["scores"]
    ]
    lines += [f"- {markdown(u['name'])}: {markdown(u['reason'], 400)}" for u in found["not_available"]]
    return [*lines, ""]


def _privacy(found: dict[str, Any]) -> list[str]:
    lines = ["## Privacy", ""]
    if "left_out" in found:
        return [*lines, found["left_out"], ""]
    lines += [
        markdown(found["headline"], 600),
        "",
        "| meter | measured | yardstick | risk | grade |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {markdown(m['title'])} | {_number(m['value'])} | {_number(m['yardstick'])} | {_number(m['risk'])} "
        f"({_number(m['risk_low'])} to {_number(m['risk_high'])}) | {markdown(m['grade'])} |"
        for m in found["meters"]
    ]
    equal = f"{count(found['rows_that_equal_a_training_row'])} synthetic rows equal a training row"
    return [*lines, "", f"{equal}, {count(found['of_them_a_unique_one'])} of them one that occurs once.", ""]


def _lift(found: dict[str, Any]) -> list[str]:
    said = found.get("left_out") or f"{markdown(found['verdict'])}: {markdown(found['sentence'], 1_000)}"
    return ["## Do they make a model better?", "", said, ""]


def _certificate(found: dict[str, Any]) -> list[str]:
    return [
        f"ε = {found['epsilon']:g}, δ = {found['delta']:g}, for {markdown(found['unit'])}. The whole certificate, with "
        "what it does not cover, is certificate.md.",
    ]


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.4g}"
