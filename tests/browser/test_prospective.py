"""From the travel sample to a prospective verdict, as an analyst does it; leads and outcomes of a file of one's own."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample, travel_leads
from tests.browser.conftest import click, download, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WORDS = re.compile("Helps|Hurts|No evidence")
LONG = 240_000  # ms, for runs on a busy machine


def step(page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    settled(page)


def frozen(server, page) -> None:
    """A small study of the sample, and its models frozen."""
    dataset = TableLibrary(server.workspace / "datasets").add(load_sample("travel"))
    size = {"rows": 400, "folds": 5, "repeats": 1, "seed": 7, "holdout": 0.2}
    spec = {"dataset": dataset, "arms": ["smotenc"], "labels": ["own"], **size}
    run = Store(server.workspace).submit("lift", spec, title="A small study", dataset=dataset)
    page.goto(f"{server.url}/Lift?run={run.id}&dataset={dataset}")
    expect(page.locator(".verdict .word")).to_be_visible(timeout=LONG)
    settled(page)
    click(page, "Freeze both models for a prospective test")
    expect(page.get_by_role("button", name="Freeze both models", exact=True)).to_be_visible()
    settled(page)
    click(page, "Freeze both models")
    expect(page.get_by_role("heading", name="Start a test")).to_be_visible(timeout=LONG)
    settled(page)


@pytest.mark.slow  # the page's tests have these steps without a browser
def test_sample_to_a_prospective_verdict(server, page, tmp_path):
    frozen(server, page)
    click(page, "Replay the travel sample's 12 weeks")
    expect(page.get_by_text("week 0 of 12")).to_be_visible()
    settled(page)
    click(page, "Next week")
    expect(page.get_by_text("week 1 of 12")).to_be_visible()
    settled(page)
    click(page, "All 12 weeks")
    expect(page.locator(".verdict .word")).to_have_text(WORDS, timeout=LONG)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(5)
    found = download(page, "Scored leads (CSV)")
    found.save_as(tmp_path / "scored.csv")
    scored = pd.read_csv(tmp_path / "scored.csv")
    assert scored["enquiry_id"].is_unique and scored["outcome"].notna().all() and scored["week"].nunique() == 12

    page.reload()
    expect(page.locator(".verdict .word")).to_have_text(WORDS)
    step(page, "2 Leads")
    expect(page.get_by_text("Replay finished")).to_be_visible()


@pytest.mark.slow  # a second study and its models; the page's tests have these steps without a browser
def test_own_files_of_leads_outcomes_and_a_list_to_score(server, page, tmp_path):
    frozen(server, page)
    click(page, "Start the test")
    expect(page.get_by_role("heading", name="New leads")).to_be_visible()
    settled(page)
    week = travel_leads(11, 1, 80)[0]
    week.drop(columns="booked").to_csv(tmp_path / "leads.csv", index=False)
    week[["enquiry_id", "booked"]].to_csv(tmp_path / "outcomes.csv", index=False)

    inputs = page.get_by_test_id("stFileUploaderDropzoneInput")
    inputs.nth(0).set_input_files(str(tmp_path / "leads.csv"))
    click(page, "Score and keep")
    expect(page.get_by_text(f"{len(week)} rows read and scored.")).to_be_visible()
    settled(page)
    inputs.nth(1).set_input_files(str(tmp_path / "outcomes.csv"))
    click(page, "Add outcomes")
    expect(page.get_by_text(f"{len(week)} rows: {len(week)} new outcomes").first).to_be_visible()
    settled(page)
    step(page, "3 Standing")
    expect(page.locator(".verdict .word")).to_contain_text("No verdict")

    step(page, "Score a file")
    expect(page.get_by_role("textbox", name="Column with the lead's id")).to_have_value("enquiry_id")
    inputs.first.set_input_files(str(tmp_path / "leads.csv"))
    settled(page)
    click(page, "Score the file")
    expect(page.get_by_role("button", name=f"Scores of {len(week)} leads (CSV)")).to_be_visible(timeout=LONG)
    found = download(page, f"Scores of {len(week)} leads (CSV)")
    found.save_as(tmp_path / "scores.csv")
    assert pd.read_csv(tmp_path / "scores.csv")["enquiry_id"].tolist() == week["enquiry_id"].tolist()
