"""Upload or sample → generate → fidelity → verdict → download, as an analyst does it."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from synth_core.runs import Store
from synth_core.tables import read_table
from tests.browser.conftest import ROOT, choose, click, download, settled, try_sample

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TRAVEL = ROOT.parent / "shared" / "data" / "travel_package_18f.csv"
WORDS = re.compile("Helps|Hurts|No evidence")
LONG = 420_000  # ms, for a full study; it takes a minute where nothing else runs


def saved(page, name: str, folder: Path) -> Path:
    found = download(page, name)
    path = folder / found.suggested_filename
    found.save_as(path)
    return path


def rows_of_the_sample(server, page) -> None:
    page.goto(server.url)
    click(page, "Try the travel sample")
    click(page, "Generate")
    expect(page.get_by_text("4,000 of 4,000 requested rows made by Trees")).to_be_visible(timeout=60_000)


def test_a_newcomer_has_rows_and_a_study_on_its_way_in_three_clicks(server, page, tmp_path):
    rows_of_the_sample(server, page)
    synthetic = pd.read_csv(saved(page, "Synthetic rows (CSV)", tmp_path))
    combined = pd.read_csv(saved(page, "Real + synthetic (CSV)", tmp_path))
    parquet = pd.read_parquet(saved(page, "Synthetic rows (Parquet)", tmp_path))
    assert len(synthetic) == len(parquet) == 4_000
    assert combined["is_synthetic"].sum() == 4_000 and len(combined) == 4_960

    click(page, "Get a verdict")
    expect(page.get_by_text(re.compile("about .* left"))).to_be_visible(timeout=LONG)
    (run,) = (r for r in Store(server.workspace).list() if r.task == "lift")
    assert (run.spec["folds"], run.spec["repeats"], len(run.spec["arms"])) == (5, 5, 3)
    click(page, "Cancel")
    expect(page.get_by_text("This run was cancelled")).to_be_visible()

    page.get_by_role("link", name="Fidelity").click()
    expect(page.get_by_text("Divergence per feature")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart").nth(1)).to_be_attached()


@pytest.mark.slow  # 5 × 5 fits of three generators; below, an uploaded table gets its verdict by 5 × 1
def test_a_newcomer_reaches_a_verdict_on_the_sample_in_three_clicks(server, page):
    rows_of_the_sample(server, page)
    click(page, "Get a verdict")
    expect(page.locator(".verdict .word")).to_have_text(WORDS, timeout=LONG)
    expect(page.get_by_text("Conditions of the verdict")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    page.get_by_role("tab", name="Rows and holdout").click()
    expect(page.get_by_role("heading", name="More rows")).to_be_visible()
    expect(page.get_by_role("heading", name="The locked holdout")).to_be_visible()


@pytest.mark.skipif(not TRAVEL.exists(), reason=f"the real table {TRAVEL.name} is not beside this checkout")
def test_an_uploaded_table_goes_all_the_way(server, page, tmp_path):
    file = tmp_path / "travel.csv"
    pd.read_csv(TRAVEL, dtype=str).sample(1_200, random_state=4).to_csv(file, index=False)
    page.goto(f"{server.url}/Data")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(file))
    expect(page.get_by_text("What each column is")).to_be_visible()
    choose(page, "Target: the column to predict", "ProdTaken")
    click(page, "Save roles and target")
    click(page, "Generate synthetic rows")
    click(page, "Generate")
    expect(page.get_by_text("4,000 of 4,000 requested rows made by Trees")).to_be_visible(timeout=60_000)
    made = read_table(saved(page, "Synthetic rows (CSV)", tmp_path), target="ProdTaken")
    real = read_table(file, target="ProdTaken")
    assert [c.kind for c in made.schema if c.name in real.schema.features] == [
        c.kind for c in real.schema if c.name in real.schema.features
    ]
    assert abs(made.labels().mean() - real.labels().mean()) < 0.03

    click(page, "See fidelity")
    expect(page.get_by_text("Divergence per feature")).to_be_visible()

    page.get_by_role("link", name="Lift").click()
    expect(page.get_by_text("Generators to test")).to_be_visible()
    settled(page)  # until then the page may be there twice, as it was and as it will be
    page.get_by_text("Settings", exact=True).click()
    page.get_by_role("radio", name="5 × 1").click()
    settled(page)
    click(page, "Get a verdict")
    expect(page.locator(".verdict .word")).to_have_text(WORDS, timeout=LONG)


BAD = {
    "empty.csv": (b"", "empty"),
    "header.csv": (b"age,city,booked\n", "no rows"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not a table"),
    "wide.csv": (",".join(f"c{i}" for i in range(5_000)).encode() + b"\n" + b",".join([b"1"] * 5_000) + b"\n", "5,000"),
}


def test_a_bad_file_gets_one_plain_sentence_and_what_is_stored_stays(server, page, tmp_path):
    try_sample(page, server)
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    page.get_by_text("Add a table").click()
    expect(page.get_by_label("Saved generator")).to_have_count(0)  # the page before is gone
    for name, (content, words) in BAD.items():
        path = tmp_path / name
        path.write_bytes(content)
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(path))
        alert = page.get_by_test_id("stAlert").filter(has_text=re.compile(words, re.I))
        expect(alert.first).to_be_visible(timeout=10_000)
        assert "Traceback" not in page.content()
        expect(page.get_by_text("Luxury travel bookings").first).to_be_visible()
