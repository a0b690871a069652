"""Every page by axe, by keyboard, in narrow windows, in print; on results stored by hand, so that nothing has to run.

Left out of axe are single nodes of Streamlit's own widgets that no page can change; see ``LEFT_OUT``.
"""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages.ui.frame import ICONS
from tests.browser.conftest import Server, settled
from tests.pages import furnished

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

#: Rule of axe → selector of the nodes in which it is not counted, each with its reason; empty as long as all is well.
LEFT_OUT: dict[str, str] = {}
GRAVE = ("serious", "critical")
#: More states, beyond one of each page.
STATES = (
    "Data, rare", "Generate, form", "Generate, private", "Generate, running", "Generate, failed", "Generate, unknown",
    "Privacy, form", "Lift, form", "Lift, search", "Prospective, leads", "Prospective, frozen", "Prospective, file",
    "Journeys, stress", "Journeys, own", "Voice, profile", "Voice, write", "Voice, review", "Voice, export",
)  # fmt: skip

#: What axe does not ask: headings without a gap, names of charts and tables, one title for each page.
COMPLAINTS = """() => {
    const found = [], shown = e => e.checkVisibility({visibilityProperty: true});
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown);
    if (levels.filter(e => e.tagName === 'H1').length !== 1) found.push('not exactly one h1');
    levels.reduce((last, e) => {
        const level = Number(e.tagName[1]);
        if (level > last + 1) found.push(`h${level} after h${last}: ${e.innerText}`);
        return level;
    }, 0);
    if (document.documentElement.lang !== 'en') found.push('no language');
    for (const e of document.querySelectorAll('[data-testid=stPlotlyChart], [data-testid=stDataFrame]'))
        if (shown(e) && ![e, ...e.querySelectorAll('[aria-label]')].some(x => (x.ariaLabel || '').length > 10))
            found.push(`no alternative text: ${e.dataset.testid} ${e.innerText.slice(0, 80)}`);
    for (const e of document.querySelectorAll('.verdict'))
        if (e.getAttribute('role') !== 'status') found.push('a verdict that is not announced');
    return found;
}"""
#: Whatever sticks out of the window; tables and charts may scroll inside themselves.
WIDE = """() => {
    const main = document.querySelector('[data-testid=stMain]'), width = document.documentElement.clientWidth;
    const scrolls = e => e && e !== main && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
    return main.scrollWidth <= width ? [] : [...main.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement))
        .map(e => `${e.tagName} ${(e.innerText || '').slice(0, 60)}`);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server with results on every page, and the addresses of their states."""
    folder = tmp_path_factory.mktemp("furnished")
    states = furnished.furnish(folder)
    server = Server(folder)
    server.start()
    yield server.url, states
    server.kill()


@pytest.fixture(scope="module")
def window(chromium):
    """One window for all pages: what they share is loaded once."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def opened(window: Page, site, state: str) -> Page:
    url, states = site
    window.set_viewport_size({"width": 1280, "height": 900})
    window.goto(url + states.get(state, furnished.address(state)))
    expect(window.locator("h1")).to_be_visible(timeout=60_000)
    if "running" not in state:  # drawn anew every second
        settled(window)
    return window


def grave(page: Page) -> list[str]:
    """Serious and critical findings of axe, node by node."""
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['target']} {node['html'][:200]}"
        for v in found if v["impact"] in GRAVE
        for node in v["nodes"]
        if not (v["id"] in LEFT_OUT and page.locator(node["target"][0]).first.evaluate("(e, s) => !!e.closest(s)",
                                                                                       LEFT_OUT[v["id"]]))
    ]  # fmt: skip


def fits(page: Page) -> None:
    """Nothing sticks out of the window; charts follow it a moment later."""
    for _ in range(20):
        wide = page.evaluate(WIDE)
        if not wide:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"at {page.viewport_size['width']} pixels these stick out: {wide}")


def check(page: Page) -> None:
    assert not page.get_by_text("Something went wrong").count()
    assert not grave(page)
    assert not page.evaluate(COMPLAINTS)
    for width in (420, 360):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)


@pytest.mark.parametrize("name", ICONS)
def test_every_page_can_be_read_by_everybody(site, window, name):
    page = opened(window, site, name)
    expect(page).to_have_title(re.compile(f"{'help' if name == 'Start' else name}.* · Synthetic Data Studio", re.I))
    check(page)


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_read_by_everybody(site, window, state):
    check(opened(window, site, state))


@pytest.mark.slow
@pytest.mark.parametrize("name", ICONS)
def test_a_page_at_twice_the_size_fits(site, window, name):
    page = opened(window, site, name)
    page.set_viewport_size({"width": 640, "height": 450})  # what 200 % leaves of 1280 × 900
    fits(page)


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the focus is on the link or button called ``name``, and see that it shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            "return [e.innerText || e.ariaLabel || '', s.outlineStyle !== 'none' || s.boxShadow !== 'none']; }"
        )
        if name in at[0].strip():
            assert at[1], f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"{name} is not reached with {most} tabs")


def test_from_start_to_a_verdict_with_the_keyboard(site, window):
    page = opened(window, site, "Start")
    tab_to(page, "Lift")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict .word")).to_be_visible(timeout=30_000)


def test_a_dialog_is_left_with_escape_and_nothing_is_deleted(site, window):
    page = opened(window, site, "Runs")
    title = page.get_by_role("combobox", name="Run").input_value()
    page.get_by_role("button", name="Run again").focus()
    tab_to(page, "Delete", most=3)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Stays:")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    assert page.get_by_role("combobox", name="Run").input_value() == title


def test_a_dark_system_changes_nothing_halfway(site, window):
    window.emulate_media(color_scheme="dark")
    page = opened(window, site, "Lift")
    assert page.get_by_test_id("stApp").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert not grave(page)
    window.emulate_media(color_scheme="light")


def test_nothing_moves_where_motion_is_unwanted(site, window):
    page = opened(window, site, "Lift")
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        "const times = `${s.animationDuration},${s.transitionDuration}`.split(',');"
        "return times.some(t => parseFloat(t) > 0.001); })"
        ".map(e => e.className.toString())"
    )
    assert not moving


def test_print_shows_the_whole_page_without_navigation(site, window):
    page = opened(window, site, "Lift")
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    room = page.evaluate(
        "() => [document.documentElement.scrollHeight,"
        "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight]"
    )
    page.emulate_media(media="screen")
    assert room[0] >= room[1], "a part of the page would not be printed"
