"""From generated rows to how much they give away, and to whether the meters can be trusted."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import click, settled, try_sample

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = 120_000  # ms, for the attacks on a busy machine


@pytest.mark.slow  # the page's tests have these steps without a browser
def test_rows_of_the_sample_are_attacked_and_the_meters_are_tested(server, page):
    try_sample(page, server)
    click(page, "Generate")
    expect(page.get_by_text("4,000 of 4,000 requested rows made by Trees")).to_be_visible(timeout=60_000)

    click(page, "Check privacy")
    expect(page.get_by_role("combobox", name="What an outsider knows")).to_be_visible()
    settled(page)  # until then the button of the page before is there, too
    click(page, "Check privacy")
    expect(page.locator(".verdict").first).to_contain_text(re.compile("of [0-9]+ meters"), timeout=LONG)
    expect(page.get_by_text("no proof of safety")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    page.get_by_role("tab", name="Distances and attacks").click()
    expect(page.get_by_role("heading", name="Who was in training?")).to_be_visible()

    click(page, "Test the meters")
    for key, reads in (("copy", "bad"), ("noisy", "bad"), ("independent", "neutral")):
        card = page.locator(f".st-key-scenario-{key}")
        expect(card).to_contain_text(f"must read {reads}", timeout=LONG)
        expect(card).to_contain_text(f"Reads {reads}")

    page.reload()
    expect(page.locator(".st-key-scenario-independent")).to_contain_text("Reads neutral")
