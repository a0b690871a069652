"""Small multiples of the columns of a simulated table."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.charts.base import HATCHED, QUIET, SYNTHETIC, TEXT, Chart, blank, percent, plain, short, styled
from synth_core.tables import Column, Kind, Role, Table
from synth_core.tables.schema import LEVELS, QUANTITIES

_COLUMNS = 2
_BINS = 24
_MOST_LEVELS = 8
_PANEL, _GAP = 110, 92  # pixels


def simulated_columns(table: Table, limit: int = 12) -> Chart:
    """How often each value occurs in the first ``limit`` columns that a model may look at, and the target.

    Parameters
    ----------
    limit : int
        Most panels.
    """
    columns = [c for c in table.schema if c.role in QUANTITIES or c.role in LEVELS or c.role is Role.TARGET]
    shown = columns[:limit] if len(columns) <= limit else [*columns[: limit - 1], columns[-1]]
    shown = [c for c in shown if table.frame[c.name].notna().any()]
    if not shown:
        return blank("No column holds values to draw.")
    rows = ceil(len(shown) / _COLUMNS)
    inner = rows * _PANEL + (rows - 1) * _GAP
    figure = make_subplots(
        rows,
        _COLUMNS,
        subplot_titles=[
            f"<b>{short(c.name, 19)}</b><br><span style='color:{QUIET}'>{_summary(c, table.frame[c.name])}</span>"
            for c in shown
        ],
        vertical_spacing=_GAP / inner if rows > 1 else 0,
        horizontal_spacing=0.12,
    )
    for i, column in enumerate(shown):
        _panel(figure, column, table.frame[column.name].dropna(), i // _COLUMNS + 1, i % _COLUMNS + 1)
    figure.update_annotations(font={"size": 12, "color": TEXT}, align="center")
    styled(figure, height=inner + 60 + 50, bargap=0.08, showlegend=False, margin={"t": 60, "b": 50})
    return Chart(figure, _takeaway(table, shown, len(columns)))


def _panel(figure: go.Figure, column: Column, values: pd.Series, row: int, place: int) -> None:
    if _is_number(column):
        x, share, names = _bins(column, values)
    else:
        counts = values.astype(str).value_counts(normalize=True)
        if len(counts) > _MOST_LEVELS:
            rest = counts.iloc[_MOST_LEVELS - 1 :]
            counts = pd.concat([counts.iloc[: _MOST_LEVELS - 1], pd.Series({f"{len(rest)} more": rest.sum()})])
        x, share, names = [short(n, 11) for n in counts.index], counts.to_numpy(), [plain(n) for n in counts.index]
    figure.add_bar(
        x=x,
        y=share,
        name=plain(column.name),
        marker={"color": SYNTHETIC, "pattern": HATCHED},
        customdata=names,
        hovertemplate=f"{plain(column.name)}<br>%{{customdata}}<br>%{{y:.1%}}<extra></extra>",
        row=row,
        col=place,
    )
    figure.update_xaxes(tickfont_size=10, showgrid=False, nticks=5, autotickangles=[0, -35], row=row, col=place)
    figure.update_yaxes(tickformat=".0%", nticks=4, tickfont_size=10, rangemode="tozero", row=row, col=place)


def _bins(column: Column, values: pd.Series) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Middles, shares and names of bins; long tails are cut at the 99.5th percentile."""
    dates = column.kind is Kind.DATE
    numbers = values.astype("int64" if dates else "float64").to_numpy(dtype="float64")
    low, high = numbers.min(), np.quantile(numbers, 0.995)
    whole = column.kind is Kind.INTEGER
    step = ceil((high - low + 1) / _BINS)  # whole numbers a bin, else some bins would hold one more than others
    if whole:
        edges = np.arange(low, high + 1 + step, step) - 0.5
    else:
        edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    counts, _ = np.histogram(numbers, edges)
    middle = (edges[1:] + edges[:-1]) / 2
    if dates:
        names = [f"about {pd.Timestamp(int(m)).date()}" for m in middle]
        return pd.to_datetime(middle.astype("int64")).to_numpy(), counts / len(numbers), names
    if whole and step == 1:
        return middle, counts / len(numbers), [f"{m:,.0f}" for m in middle]
    if whole:
        names = [f"{a + 0.5:,.0f} to {b - 0.5:,.0f}" for a, b in pairwise(edges)]
        return middle, counts / len(numbers), names
    names = [f"{a:,.4g} to {b:,.4g}" for a, b in pairwise(edges)]
    return middle, counts / len(numbers), names


def _is_number(column: Column) -> bool:
    return column.kind is not Kind.TEXT


def _summary(column: Column, values: pd.Series) -> str:
    known = values.dropna()
    gaps = f", {percent(values.isna().mean())} blank" if values.isna().any() else ""
    if column.kind is Kind.DATE:
        return f"{known.min().date()} to {known.max().date()}{gaps}"
    if _is_number(column):
        mean = known.astype("float64").mean()
        return f"mean {mean:,.0f}{gaps}" if abs(mean) >= 1000 else f"mean {mean:.3g}{gaps}"
    return f"{known.nunique():,} levels{gaps}"


def _takeaway(table: Table, shown: list[Column], count: int) -> str:
    said = f"{len(shown)} of {count} columns" if len(shown) < count else f"All {count} columns"
    text = f"{said} in {len(table):,} simulated rows; the longest tails are cut at their last half per cent"
    if table.is_binary:
        text += f". {table.target} is {table.schema.positive} in {percent(table.labels().mean())} of them"
    return text + "."
