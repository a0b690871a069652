"""What is known about the columns anyway: declaring it costs nothing, finding it out does."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui.frame import guard
from synth_core.generators.dp import declaring
from synth_core.generators.dp.columns import Declared
from synth_core.generators.dp.declaring import Typed
from synth_core.tables import Table

_ABOUT = (
    "Which categories there are and between which values numbers lie is found out with noise, from a part of the "
    "budget. Declaring costs nothing: categories give their part to the other steps, bounds leave less to find out. "
    "Declare only what anyone may know, such as “age: 18 to 99”; **do not look it up in this table**, or the promise "
    "is void."
)


def table(table: Table, dataset: str, unit: str | None) -> dict[str, Declared] | None:
    """An editable table of the columns; what was typed, None where it cannot be read, which is then said."""
    offered = declaring.lines(table.schema, unit)
    with st.expander("Declare what is known anyway (costs nothing)", icon=":material/edit_note:"):
        st.markdown(_ABOUT)
        given = st.data_editor(
            pd.DataFrame(
                {
                    "Column": [name for name, _ in offered],
                    "Holds": [holds for _, holds in offered],
                    "Lowest": "",
                    "Highest": "",
                    "Categories": "",
                }
            ),
            hide_index=True,
            num_rows="fixed",
            disabled=["Column", "Holds"],
            key=f"declared-{dataset}-{unit}",
            column_config={
                "Lowest": st.column_config.TextColumn(help="Of numbers and dates (2024-12-31); give both bounds."),
                "Highest": st.column_config.TextColumn(help="Values beyond count as this one."),
                "Categories": st.column_config.TextColumn(
                    help="All that may occur, parted by commas; any other comes out as one of these.", width="medium"
                ),
            },
        )
        with guard():
            return declaring.read(
                (
                    Typed(row["Column"], *(str(row[c] or "") for c in ("Lowest", "Highest", "Categories")))
                    for row in given.to_dict("records")
                ),
                table.schema,
            )
    return None
