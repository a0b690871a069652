"""Signing in at a real provider, and two people on one server who must not meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.ui.frame import ICONS
from tests.browser.conftest import Server, click, settled
from tests.browser.oidc import Provider

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SIGN_IN = "Sign in to see your tables and runs"
TABLE = "Luxury travel bookings"
PLACES = ["" if name == "Start" else name for name in ICONS]
WITH_RUN = ("Data?", "Generate?", "Fidelity?", "Lift?")


@pytest.fixture(scope="module")
def provider():
    with Provider() as found:
        yield found


def guarded(folder: Path, provider: Provider, **settings: str) -> Server:
    """A started server that asks for a login at ``provider``; its secrets lie outside the workspace."""
    (folder / "workspace").mkdir()
    server = Server(folder / "workspace")
    secrets = folder / "secrets.toml"
    secrets.write_text(provider.secrets(f"{server.url}/oauth2callback"), "utf-8")
    server.options = ("--secrets.files", str(secrets))
    server.settings = {"STUDIO_REQUIRE_LOGIN": "1", **settings}
    server.start()
    return server


@pytest.fixture(scope="module")
def server(tmp_path_factory, provider):
    found = guarded(tmp_path_factory.mktemp("guarded"), provider, STUDIO_ALLOWED_USERS="@agency.example")
    yield found
    found.kill()


@pytest.fixture
def visit(chromium: Browser):
    """A new browser of somebody who has never been here."""
    contexts = []

    def opened() -> Page:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        expect.set_options(timeout=15_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, server: Server, person: str) -> Page:
    page.goto(server.url)
    click(page, "Sign in")
    page.get_by_role("button", name=person, exact=True).click()
    page.wait_for_url(f"{server.url}/**")
    settled(page)
    return page


def closed(page: Page) -> None:
    """Only the sign-in screen is there."""
    expect(page.get_by_text(SIGN_IN)).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("button")).to_have_text(["Sign in"])
    assert page.get_by_role("heading").all_inner_texts() == ["Synthetic Data Studio"]
    assert page.get_by_role("link").all_inner_texts() == ["Skip to main content"]  # no navigation
    assert page.locator("table, canvas, input, [data-testid=stPlotlyChart]").count() == 0


def owners(server: Server) -> set[str]:
    return {p.name for p in (server.workspace / "owners").glob("[!.]*")}


def test_a_deep_link_to_any_page_shows_the_sign_in_screen_and_nothing_else(server, visit):
    """The first of them meets a server that nobody has opened yet, where ``app.py`` has not run."""
    page = visit()
    for name in reversed(PLACES):
        page.goto(f"{server.url}/{name}?dataset={'a' * 64}&run={'b' * 32}")
        settled(page)
        closed(page)
    assert not owners(server) and not (server.workspace / "runs.db").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ICONS)
def test_on_a_cold_server_every_page_is_closed(name, tmp_path, provider, visit):
    server = guarded(tmp_path, provider)
    try:
        page = visit()
        page.goto(f"{server.url}/{name}")
        settled(page)
        closed(page)
    finally:
        server.kill()


def test_two_people_do_not_meet(server, visit):
    ann = sign_in(visit(), server, "Ann")
    click(ann, "Try the travel sample")
    click(ann, "Generate")
    expect(ann.get_by_text("4,000 of 4,000 requested rows made by Trees")).to_be_visible(timeout=120_000)
    dataset, run = (re.search(rf"{name}=([0-9a-f]+)", ann.url)[1] for name in ("dataset", "run"))
    (hers,) = owners(server)

    bob = sign_in(visit(), server, "Bob")
    addresses = [f"{name}?dataset={dataset}&run={run}&check={run}&study={run}" for name in PLACES]
    for address in [*addresses, f"Data?dataset={dataset}", f"Generate?dataset={dataset}", "Runs"]:
        bob.goto(f"{server.url}/{address}")
        settled(bob)
        assert TABLE not in (seen := bob.get_by_test_id("stMain").inner_text()), address
        assert "not found" in seen or not address.startswith(WITH_RUN), f"{address}: {seen}"
    assert bob.get_by_test_id("stDataFrame").count() == 0  # his list of runs

    (his,) = owners(server) - {hers}
    found = {p.relative_to(server.workspace / "owners" / his).as_posix() for p in
             (server.workspace / "owners" / his).rglob("*") if p.is_file()}  # fmt: skip
    assert not found, "Bob stored nothing"
    assert (server.workspace / "owners" / hers / "datasets" / dataset).is_dir()
    assert (server.workspace / "owners" / hers / "runs" / run).is_dir()
    assert not (server.workspace / "datasets").exists() and not (server.workspace / "runs").exists()


def test_signing_out_ends_it_here_and_at_the_provider(server, provider, visit):
    page, before = sign_in(visit(), server, "Ann"), provider.ended
    click(page, "ann@agency.example")
    click(page, "Sign out")
    expect(page.get_by_text(SIGN_IN)).to_be_visible()
    assert provider.ended == before + 1
    assert not [c for c in page.context.cookies() if c["name"].startswith("_streamlit_user") and c["value"]]
    page.goto(f"{server.url}/Data")
    settled(page)
    closed(page)


def test_somebody_who_is_not_listed_is_turned_away_in_words(server, visit):
    before = owners(server)
    page = sign_in(visit(), server, "Eve")
    expect(page.get_by_text("eve@elsewhere.example may not use this server")).to_be_visible()
    for name in ("Data", "Runs"):
        page.goto(f"{server.url}/{name}")
        settled(page)
        expect(page.get_by_text("may not use this server")).to_be_visible()
        expect(page.get_by_test_id("stMain").get_by_role("button")).to_have_text(["Sign out"])
    assert owners(server) == before


def test_a_cookie_that_the_server_did_not_sign_is_nobody(server, visit):
    page = sign_in(visit(), server, "Ann")
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "_streamlit_user"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    page.context.add_cookies([{**cookie, "value": cookie["value"][:-4] + "AAAA"}])
    page.goto(f"{server.url}/Data")
    settled(page)
    closed(page)
