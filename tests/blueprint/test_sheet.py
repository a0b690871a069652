"""The small tables on screen: what is not edited comes back as it was."""

from __future__ import annotations

import pandas as pd
import pytest

from synth_core.blueprint import Boolean, Category, Number, from_yaml, sheet
from synth_core.errors import BlueprintError
from tests.blueprint.makers import leads
from tests.blueprint.test_reading import EXAMPLES


@pytest.mark.parametrize("blueprint", [leads(), from_yaml((EXAMPLES / "campaign-leads.yaml").read_text())])
def test_an_untouched_sheet_states_the_same_blueprint(blueprint):
    shown = sheet.columns_sheet(blueprint)
    assert sheet.columns_from_sheet(shown, blueprint, blueprint.computed) == blueprint.columns
    assert sheet.drivers_from_sheet(sheet.drivers_sheet(blueprint.target)) == blueprint.target.drivers
    assert sheet.correlations_from_sheet(sheet.correlations_sheet(blueprint)) == blueprint.correlations


def test_edits_are_taken_over_and_hidden_fields_stay():
    base = leads()
    shown = sheet.columns_sheet(base).set_index("Column", drop=False)
    shown.loc["income", "Missing"] = "20 %"
    shown.loc["channel", "Levels and shares"] = "Search 70 %, TV 30 %"
    shown.loc["member", "Levels and shares"] = "no 50 %, yes 50 %"
    shown.loc["day", "High"] = "2026-06-30"
    columns = {c.name: c for c in sheet.columns_from_sheet(shown.reset_index(drop=True), base)}
    assert (columns["income"].missing, columns["income"].decimals) == (0.2, 0)
    assert columns["channel"] == Category("channel", ("Search", "TV"), (0.7, 0.3), missing=0.05)
    assert columns["member"] == Boolean("member", 0.5)
    assert columns["day"].weekdays == base.column("day").weekdays and columns["day"].end.month == 6


def test_new_rows_count_and_blank_ones_do_not():
    base = leads()
    new = pd.DataFrame([{"Column": "visits", "Type": "integer", "Low": "0", "High": "9"}, {"Column": None}])
    columns = sheet.columns_from_sheet(pd.concat([sheet.columns_sheet(base), new], ignore_index=True), base)
    assert columns == (*base.columns, Number("visits", whole=True, low=0, high=9))


def test_a_wrong_cell_is_told_with_its_row():
    base = leads()
    shown = sheet.columns_sheet(base)
    shown.loc[2, "High"] = "old"
    with pytest.raises(BlueprintError, match="Row 3: “age”: the high is “old”"):
        sheet.columns_from_sheet(shown, base)


@pytest.mark.parametrize(
    "rows", [[("a", "", 1), ("a", "", 2)], [("a", "x", 1), ("a", "x", 2)], [("a", "", 1), ("a", "x", 2)]]
)
def test_a_driver_is_stated_once(rows):
    with pytest.raises(BlueprintError, match="stated twice"):
        sheet.drivers_from_sheet(pd.DataFrame(rows, columns=["Column", "Level", "Strength"]))
