"""From a preset to what a wrong model costs; and from a file of paths to a world that looks like it."""

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import choose, click, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = 180_000  # ms, for runs on a busy machine
PATHS = "path,conversions,value,nulls\n" + "".join(
    f"{path},{c},{10 * c},{n}\n"
    for path, c, n in (
        ("Search", 40, 600), ("Display", 10, 900), ("Email", 25, 300), ("Display > Search", 30, 250),
        ("Search > Email", 20, 120), ("Display > Search > Email", 15, 60), ("Email > Search > Search", 8, 40),
    )
)  # fmt: skip


def number(page, label: str, value: str) -> None:
    field = page.get_by_role("spinbutton", name=label)
    field.fill(value)
    field.press("Enter")
    settled(page)


def tab(page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    settled(page)


@pytest.mark.slow  # the page's tests have these steps without a browser
def test_a_preset_is_graded_down_to_the_money(server, page):
    page.goto(server.url)
    click(page, "Grade attribution models")
    expect(page.get_by_role("heading", name="Customer journeys")).to_be_visible()
    choose(page, "World", "Brand-search trap")
    expect(page.get_by_text("Brand search causes nothing")).to_be_visible()
    number(page, "Users per simulation", "1000")
    number(page, "Seeds", "2")
    click(page, "Simulate and grade")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_text("Closest to the truth")).to_be_visible(timeout=LONG)
    settled(page)
    with page.expect_download() as download:
        click(page, "Event rows (CSV)")
    events = pd.read_csv(download.value.path())
    assert list(events) == ["user", "time", "channel", "conversion", "value"] and events["conversion"].sum() > 10

    tab(page, "Truth and models")
    expect(page.get_by_text("Caused nothing: any credit is too much.").first).to_be_visible()
    tab(page, "League table")
    expect(page.get_by_role("table", name="Attribution models by distance to the truth")).to_contain_text("Last touch")
    choose(page, "Truth", "True cause of each conversion")
    expect(page.get_by_text("Against “True cause of each conversion”")).to_be_visible()
    tab(page, "Money")
    choose(page, "If budget followed", "First touch")
    expect(page.get_by_role("heading", name="If budget followed First touch, you would lose")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Closest to the truth")).to_be_visible()


@pytest.mark.slow  # a calibration takes minutes on a busy machine; the page's tests have these steps without a browser
def test_uploaded_paths_are_credited_and_give_a_world(server, page):
    page.goto(f"{server.url}/Journeys?view=own")
    page.locator("input[type=file]").set_input_files(
        {"name": "client.csv", "mimeType": "text/csv", "buffer": PATHS.encode()}
    )
    expect(page.get_by_text("7 different paths")).to_be_visible()
    settled(page)
    click(page, "Credit these journeys")
    expect(page.get_by_text("models disagree most about").first).to_be_visible(timeout=LONG)
    settled(page)
    with page.expect_download() as download:
        click(page, "Credits (CSV)")
    credits = pd.read_csv(download.value.path())
    assert credits.groupby("model")["credit"].sum().round(3).eq(148).all()

    click(page, "Calibrate")
    expect(page.get_by_text("Assumed, because journeys cannot tell it")).to_be_visible(timeout=LONG)
    settled(page)
    click(page, "Grade models in this world")
    expect(page.get_by_text("The world calibrated to your journeys is chosen below")).to_be_visible()
    expect(page.get_by_role("button", name="Simulate and grade", exact=True)).to_be_enabled()

    page.get_by_role("radio", name="Your journeys").click()
    settled(page)
    click(page, "Remove")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("7 different paths")).to_have_count(0)
    expect(page.get_by_role("button", name="Credit these journeys")).to_have_count(0)
