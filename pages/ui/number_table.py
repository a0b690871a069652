"""A table of figures whose names open to say how they are computed; readable on a phone, without a tooltip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    name, formula : str
        The formula opens below the name.
    cells : tuple of str
        One for each column of figures; a line break parts a figure from a remark on it.
    direction : str
        Which way is good.
    said : str
        What was found, in a sentence, below the name.
    """

    name: str
    formula: str
    cells: tuple[str, ...]
    direction: str
    said: str = ""


def show(columns: Sequence[str], rows: Sequence[Row], *, about: str, better: bool = True) -> None:
    """Draw ``rows`` under ``columns`` of figures.

    Parameters
    ----------
    about : str
        What the table holds, for those who cannot see it.
    better : bool
        Whether a last column says which way is good.
    """
    heads = [*columns, *(["Better"] if better else [])]
    head = '<th scope="col"><span class="heard">Measure</span></th>' + "".join(
        f'<th scope="col"{_figure(h, columns)}>{escape(h)}</th>' for h in heads
    )
    body = "".join(_line(row, better) for row in rows)
    st.html(
        f'<div class="numbers"><table aria-label="{escape(about)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(row: Row, better: bool) -> str:
    cells = "".join(f'<td class="n">{escape(cell).replace(chr(10), "<br>")}</td>' for cell in row.cells)
    said = f'<div class="said">{escape(row.said)}</div>' if row.said else ""
    way = f'<td class="way">{escape(row.direction)}</td>' if better else ""
    return (
        f'<tr><th scope="row"><details><summary>{escape(row.name)}</summary>{escape(row.formula)}</details>{said}</th>'
        f"{cells}{way}</tr>"
    )


def _figure(head: str, columns: Sequence[str]) -> str:
    return ' class="n"' if head in columns else ""
