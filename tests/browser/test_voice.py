"""From the demo brand to a fine-tuning set, the review done by keyboard; nothing is lost on the way."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import click, download, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = 240_000  # ms, for runs on a busy machine


def step(page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    settled(page)


def line(page) -> str:
    """The line on the card."""
    return page.locator(".st-key-voice-card p[role=status]").inner_text()


def press(page, key: str) -> None:
    page.keyboard.press(key)
    settled(page)


@pytest.mark.slow  # the page's tests have these steps without a browser
def test_demo_brand_to_archive_by_keyboard(server, page):
    page.goto(server.url)
    click(page, "Write in a brand's voice")
    click(page, "Try the demo brand")
    expect(page.get_by_text("200 different lines")).to_be_visible()
    settled(page)
    click(page, "Next: what makes this voice")
    settled(page)
    click(page, "Check this voice")
    expect(page.get_by_role("table", name="Measures of the voice classifier")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("table", name="Measures of the voice classifier")).to_contain_text("✓ met")
    settled(page)

    click(page, "Next: write new lines")
    expect(page.get_by_text("It recombines your own lines and does not write.")).to_be_visible()
    settled(page)
    click(page, "Write and check")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_role("heading", name="Where lines stop")).to_be_visible(timeout=LONG)
    settled(page)

    step(page, "4 Review")
    first = line(page)
    press(page, "k")
    expect(page.get_by_text("1 kept")).to_be_visible()
    second = line(page)
    assert second != first
    press(page, "x")
    expect(page.get_by_text("Why?")).to_be_visible()
    press(page, "2")
    expect(page.get_by_text("1 rejected")).to_be_visible()
    third = line(page)
    press(page, "e")
    box = page.get_by_role("textbox", name="New text")
    expect(box).to_have_value(third)
    box.fill("")
    box.press_sequentially("Take the ferry, keep the luxury box.")  # k, e, x, l and u typed here decide nothing
    box.press("Control+Enter")
    expect(page.get_by_text("A gate would stop this text")).to_be_visible()
    box.fill("Take the ferry. Keep the coat. Mind the wet step.")
    box.press("Control+Enter")
    expect(page.get_by_text("1 edited")).to_be_visible()
    settled(page)
    press(page, "u")
    expect(page.get_by_text("0 edited")).to_be_visible()
    assert line(page) == third
    press(page, "k")
    expect(page.get_by_text("2 kept")).to_be_visible()
    page.reload()
    expect(page.get_by_text("3 of")).to_be_visible()
    settled(page)
    assert line(page) not in (first, second, third)

    step(page, "5 Export")
    expect(page.get_by_text("have not been read")).to_be_visible()
    why = page.get_by_role("textbox", name="Or: why are unread lines exported?")
    why.fill("trial run")
    why.press("Enter")
    button = page.get_by_role("button", name="Fine-tuning set")
    expect(button).to_be_visible(timeout=60_000)
    archive = Path(download(page, button.inner_text().split("\n")[-1]).path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        manifest = json.loads(files.read("manifest.json"))
        rows = [json.loads(row) for row in files.read("openai/train.jsonl").splitlines()]
    assert (manifest["review"]["kept"], manifest["review"]["rejected"]) == (2, 1)
    assert manifest["review"]["override"] == "trial run" and manifest["review"]["unreviewed"] > 50
    assert manifest["split"]["exact_overlap"] == 0 and manifest["split"]["train"] == len(rows)
    answers = [row["messages"][-1]["content"] for row in rows]
    assert second not in answers and "The ferry stops at our jetty if you ask. Ask." in answers
    assert manifest["classifier"]["approved"] == 200


def test_a_brand_of_ones_own_is_pasted_changed_and_removed(server, page):
    page.goto(f"{server.url}/Voice")
    page.get_by_role("textbox", name="Name of the brand").fill("Tea <b>House</b>")
    box = page.get_by_role("textbox", name="Approved lines: paste, one per row")
    box.fill("The tea is hot.\nThe cup is warm.\nThe tea is hot.")
    box.press("Control+Enter")
    expect(page.get_by_text("2 different lines")).to_be_visible()
    settled(page)
    click(page, "Store this brand")
    expect(page.get_by_text("Tea <b>House</b> · version 1")).to_be_visible()
    settled(page)
    page.get_by_role("tab", name="Brief").click()
    about = page.get_by_role("textbox", name="What the lines are about")
    about.fill("Tea.")
    about.press("Control+Enter")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    settled(page)
    click(page, "Save changes")
    expect(page.get_by_text("Stored as version 2")).to_be_visible()
    settled(page)
    page.reload()
    page.get_by_role("tab", name="Brief").click()
    expect(page.get_by_role("textbox", name="What the lines are about")).to_have_value("Tea.")
    settled(page)
    click(page, "Remove")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Try the demo brand")).to_be_visible()
