"""Real files, read as they come, give the rows, targets and rates that are known for them."""

import pandas as pd
import pytest

from synth_core.tables import Kind, Role, read_table, to_csv_bytes
from tests.tables.makers import REAL, needs_real

pytestmark = needs_real


@pytest.mark.parametrize(
    ("file", "rows", "features", "target", "positive", "share"),
    [
        ("travel_package_18f.csv", 4_128, 18, "ProdTaken", "1", 19.3),
        ("bank_full.csv", 45_211, 16, "deposit", "yes", 11.7),
        ("online_shoppers_intention.csv", 12_330, 17, "Revenue", "TRUE", 15.5),
        ("telco_churn.csv", 7_043, 19, "Churn", "Yes", 26.5),
        ("caravan_insurance.csv", 5_822, 85, "Purchase", "Yes", 6.0),
        ("adult_income.csv", 32_561, 13, "income >50K", "1", 24.1),
        ("german_credit.csv", 1_000, 20, "column_21", "2", 30.0),
        ("hillstrom_email.csv", 64_000, 11, "visit", "1", 14.7),
        ("hillstrom_email.csv", 64_000, 11, "conversion", "1", 0.90),
        ("mammography.csv", 11_183, 6, "column_7", "'1'", 2.3),
        ("keel_abalone19.csv", 4_174, 8, "Class", "positive", 0.77),
        # 27 features, of which Z_CostContact and Z_Revenue are constant
        ("ifood_marketing_campaign.csv", 2_240, 25, "Response", "1", 14.9),
        ("ad_table_30k.csv", 30_000, 8, "conv", "1", 8.5),
    ],
)
def test_named_targets(file, rows, features, target, positive, share):
    table = read_table(REAL / file, target)
    assert len(table) == rows
    assert len(table.schema.features) == features
    assert table.schema.positive == positive
    assert 100 * table.labels().mean() == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("path", sorted(REAL.glob("*.csv*")), ids=lambda path: path.name)
def test_every_table_reads_and_comes_round(path):
    table = read_table(path)
    back = read_table(to_csv_bytes(table.frame, table.schema))
    assert back.schema.names == table.schema.names
    assert [c.kind for c in back.schema] == [c.kind for c in table.schema]
    for column in table.schema:
        if column.kind is not Kind.TEXT:
            pd.testing.assert_series_equal(back.frame[column.name], table.frame[column.name])


def test_roles_that_matter():
    travel = read_table(REAL / "travel_package_18f.csv")
    assert travel.schema.with_roles(Role.IDENTIFIER) == ["column_1", "CustomerID"]
    assert read_table(REAL / "telco_churn.csv").schema["customerID"].role is Role.IDENTIFIER
    assert read_table(REAL / "bank_full.csv").schema["contact"].role is Role.CATEGORICAL
    assert read_table(REAL / "slogans_500.csv").schema["Slogan"].role is Role.FREE_TEXT
    ads = read_table(REAL / "facebook_ads_conversions.csv")
    assert ads.schema["Date"].kind is Kind.DATE
    assert ads.frame["Date"].min() == pd.Timestamp("2023-08-01")
    assert ads.schema["ad_id"].role is Role.IDENTIFIER


def test_blank_charges_are_missing_numbers():
    column = read_table(REAL / "telco_churn.csv").schema["TotalCharges"]
    assert column.kind is Kind.FLOAT
    assert "11 tokens treated as missing" in column.reason


def test_known_repeats_of_the_travel_table():
    split = read_table(REAL / "travel_package_18f.csv", "ProdTaken").split(seed=7)
    assert split.duplicates == 117
