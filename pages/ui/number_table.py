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
        What was found, in a sentence; empty where the column is not wanted.
    """

    name: str
    formula: str
    cells: tuple[str, ...]
    direction: str
    said: str = ""


def show(columns: Sequence[str], rows: Sequence[Row], *, about: str) -> None:
    """Draw ``rows`` under ``columns`` of figures.

    Parameters
    ----------
    about : str
        What the table holds, for those who cannot see it.
    """
    said = any(row.said for row in rows)
    heads = ["", *columns, "Better", *(["What it says"] if said else [])]
    head = "".join(f'<th scope="col"{_figure(heads[i], columns)}>{escape(h)}</th>' for i, h in enumerate(heads))
    body = "".join(_line(row, columns, said=said) for row in rows)
    st.html(
        f'<div class="numbers"><table aria-label="{escape(about)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(row: Row, columns: Sequence[str], *, said: bool) -> str:
    cells = "".join(
        f'<td class="n" data-label="{escape(column)}">{escape(cell).replace(chr(10), "<br>")}</td>'
        for column, cell in zip(columns, row.cells, strict=True)
    )
    sentence = f'<td class="said">{escape(row.said)}</td>' if said else ""
    return (
        f'<tr><th scope="row"><details><summary>{escape(row.name)}</summary>{escape(row.formula)}</details></th>'
        f'{cells}<td class="way">{escape(row.direction)}</td>{sentence}</tr>'
    )


def _figure(head: str, columns: Sequence[str]) -> str:
    return ' class="n"' if head in columns else ""
