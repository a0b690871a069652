"""A report opened from disk, without network: charts are drawn, nothing is asked for, bad names stay text."""

import pytest

from synth_core import fidelity, lift, privacy
from synth_core.generators import create
from synth_core.reports import Branding, Document, render
from synth_core.reports import fidelity as fidelity_part
from synth_core.reports import lift as lift_part
from synth_core.reports import privacy as privacy_part
from synth_core.reports.branding import logo_of
from synth_core.tables import load_sample
from tests.reports.results import BAD, parts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40"/></svg>'


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a report as a file, in a window that has no network; nothing may be said on its console."""
    contexts, said, asked = [], [], []

    def show(content: str, width: int = 1280):
        (tmp_path / "report.html").write_text(content, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("dialog", lambda d: (said.append(d.message), d.dismiss()))
        page.on("request", lambda r: asked.append(r.url))
        page.goto((tmp_path / "report.html").as_uri())
        page.wait_for_function(
            "[...document.querySelectorAll('[data-chart]')].every(f => f.querySelector('svg.main-svg'))"
        )
        return page

    yield show
    for context in contexts:
        context.close()
    assert not said
    assert {u.split(":")[0] for u in asked} <= {"file", "data"}


@pytest.fixture(scope="module")
def travel():
    """A part of the travel sample, studied for real, as one page."""
    split = load_sample("travel").take(range(600)).split(seed=7)
    rows = create("trees").fit(split.train, seed=7).sample(1_000, seed=7)
    found = lift.study(split, arms=["trees"], rows=400, folds=3, repeats=1, curves=True, n_jobs=1, seed=7)
    known = list(split.train.schema.features)
    several = (
        lift_part.part(found, key="lift-1"),
        fidelity_part.part(fidelity.report(split.train, split.holdout, rows, seed=7), made="Trees.", key="fidelity-2"),
        privacy_part.part(
            privacy.report(split.train, split.holdout, rows, seed=7, known=known[:3], secret_columns=known[3:5]),
            key="privacy-3",
        ),
    )
    return render(Document("Report", "Travel", several), Branding("Agency", "Client", logo=logo_of(LOGO)))


def test_the_travel_report_opens_without_network(opened, travel):
    assert len(travel.encode()) <= 8e6
    page = opened(travel)
    charts = page.locator("[data-chart]")
    assert charts.count() >= 14
    assert page.evaluate("document.querySelector('.agency img').naturalWidth") == 90
    first = page.locator("main").inner_text()
    assert first.index("In short") < first.index("Evidence") < first.index("For the record")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    widths = page.evaluate("[...document.querySelectorAll('.plot')].map(p => p._fullLayout.width)")
    assert set(widths) == {800, 388}
    assert page.evaluate("getComputedStyle(document.querySelector('.watermark')).position") == "fixed"
    assert page.pdf()[:5] == b"%PDF-"


def test_a_phone_shows_all_of_it(opened, travel):
    page = opened(travel, width=420)
    assert page.evaluate("document.documentElement.scrollWidth") <= 420


def test_bad_names_are_text(opened):
    found = tuple(parts(BAD).values())
    page = opened(render(Document(BAD, BAD, found), Branding(agency=BAD, client=BAD)))
    assert page.locator("h1").inner_text().startswith('<script>alert("x")</script>')
    assert page.locator("script:not([type])").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_policy_stops_what_would_be_let_in(chromium, tmp_path):
    """Were text ever to become markup, nothing of it would run or reach out."""
    page_text = render(Document("T", "", (next(iter(parts().values())),)), Branding())
    assert page_text.count("<main>") == 1
    bad = "<main><script>window.ran = 1</script><img src='http://127.0.0.1:9/x' onerror='window.ran = 2'>"
    (tmp_path / "report.html").write_text(page_text.replace("<main>", bad), "utf-8")
    context = chromium.new_context()
    page = context.new_page()
    asked = []
    page.on("requestfinished", lambda r: asked.append(r.url))
    page.on("requestfailed", lambda r: asked.append(r.failure))
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_function("document.querySelector('svg.main-svg')")
    assert page.evaluate("window.ran") is None
    assert not [u for u in asked if u and u.startswith("http") and "csp" not in u.lower()]
    context.close()
