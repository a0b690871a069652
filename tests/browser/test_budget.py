"""From ε to private rows and their certificate, and to what is left of the budget once they are deleted."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import click, download, settled, try_sample

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = 120_000  # ms, for fits on a busy machine


def spent(page, words: str) -> None:
    expect(page.get_by_test_id("stMetric").filter(has_text="Spent (sum of ε)")).to_contain_text(words)


def budget(page) -> None:
    page.get_by_role("link", name="Budget").first.click()
    expect(page.get_by_role("heading", name="Privacy budget")).to_be_visible()
    settled(page)


@pytest.mark.slow  # the page's tests have these steps without a browser
def test_private_rows_are_paid_for_once_and_for_all(server, page):
    try_sample(page, server)
    budget(page)
    field = page.get_by_role("spinbutton", name="Or type ε")
    field.fill("2")
    field.press("Enter")
    expect(page.get_by_text("can become at most 88")).to_be_visible()
    cap = page.get_by_role("spinbutton", name="Cap on ε for this table")
    cap.fill("3")
    cap.press("Enter")
    expect(page.get_by_test_id("stMetric").filter(has_text="Left below the cap")).to_contain_text("3")
    settled(page)

    click(page, "Make private rows")
    expect(page.get_by_text("4,000 of 4,000 requested rows made by DP (MST)")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Real + synthetic (CSV)")).to_have_count(0)
    with open(download(page, "Certificate (JSON)").path(), encoding="utf-8") as file:
        assert json.load(file)["epsilon"] == 2.0

    page.get_by_role("link", name="Runs").first.click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    click(page, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No runs yet")).to_be_visible()
    budget(page)
    spent(page, "2")
    field = page.get_by_role("spinbutton", name="Or type ε")
    field.fill("1.5")
    field.press("Enter")
    expect(page.get_by_text("would exceed the cap of 3 for this table: 2 is spent, 1 is left")).to_be_visible()
    expect(page.get_by_role("button", name="Make private rows")).to_be_disabled()


@pytest.mark.slow  # the page's tests have these steps without a browser
def test_usefulness_is_measured_against_epsilon(server, page):
    try_sample(page, server)
    budget(page)
    click(page, "Measure usefulness")
    expect(page.get_by_text("Outside the guarantee:", exact=True)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Mean error of pairs at ε = 1").first).to_be_visible()
    spent(page, "0")
    page.reload()
    expect(page.get_by_text("Inside the tool, not counted (1)")).to_be_visible()
