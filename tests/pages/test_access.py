"""The gate before every page, and whose things a signed-in user sees."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.frame import ICONS, ROOT, path_of
from synth_core.runs import Store
from tests.pages.opening import buttons, said

AUTH = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x" * 32, "client_id": "c"}
ANN = {"iss": "https://id.example", "sub": "1", "email": "Ann@agency.example", "email_verified": True}
BOB = {**ANN, "sub": "2", "email": "bob@agency.example"}


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    for name in ("STUDIO_REQUIRE_LOGIN", "STUDIO_ALLOWED_USERS"):
        monkeypatch.delenv(name, raising=False)


def opened(name: str, user: dict | None, *, auth: dict | None = AUTH, **query: str) -> AppTest:
    """Page ``name`` as ``user`` sees it on a server with login; None = nobody has signed in."""
    app = AppTest.from_file(str(path_of(name)), default_timeout=60)
    if auth is not None:
        app.secrets["auth"] = auth
    logged_in = {} if auth is None else {"is_logged_in": user is not None}
    app.user = {**logged_in, **(user or {})}
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def homes(tmp_path) -> list[str]:
    return sorted(p.name for p in (tmp_path / "owners").iterdir()) if (tmp_path / "owners").exists() else []


def listed(app: AppTest) -> str:
    """What the tables on the page hold."""
    return " ".join(d.value.to_csv() for d in app.dataframe)


@pytest.mark.parametrize("name", ICONS)
def test_a_page_shows_and_reads_nothing_before_somebody_signs_in(name, tmp_path):
    app = opened(name, None, dataset="a" * 64, run="b" * 32)
    assert buttons(app) == {"Sign in"} and [t.value for t in app.title] == ["Synthetic Data Studio"]
    assert "Nobody else sees them" in said(app)
    assert not app.selectbox and not app.dataframe and not app.header and not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ICONS)
def test_a_page_script_does_nothing_outside_its_gate(name):
    """A deep link on a fresh server runs the script alone; a statement before ``frame.page`` would pass the gate."""
    tree = ast.parse(path_of(name).read_text("utf-8"))
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.AnnAssign, ast.ClassDef)
    rest = [n for n in tree.body if not isinstance(n, kinds) and not (isinstance(n, ast.Expr) and n is tree.body[0])]
    assert len(rest) == 1 and isinstance(rest[0], ast.With)
    assert ast.unparse(rest[0].items[0].context_expr).startswith(("frame.page(", "page("))
    for assigned in (n for n in tree.body if isinstance(n, ast.Assign | ast.AnnAssign)):
        assert not any(isinstance(n, ast.Call) for n in ast.walk(assigned)), "a constant that is computed at import"


def test_no_page_script_is_missing_from_the_navigation():
    assert {p.stem for p in (ROOT / "pages").glob("*.py")} == set(ICONS)


def test_two_users_have_two_workspaces_and_the_first_ones_ids_are_not_found_by_the_second(tmp_path):
    ann = opened("Start", ANN)
    next(b for b in ann.button if b.label == "Try the travel sample").click().run()
    (home,) = homes(tmp_path)
    (dataset,) = [p.name for p in (tmp_path / "owners" / home / "datasets").iterdir() if len(p.name) == 64]
    store = Store(tmp_path, owner=home)
    run = store.adopt("lift", {"dataset": dataset}, title="Ann's study", dataset=dataset, fill=lambda folder: None)
    assert "Ann's study" in listed(opened("Runs", ANN))
    for name in ICONS:
        app = opened(name, BOB, dataset=dataset, run=run.id)
        seen = said(app) + listed(app) + str([s.options for s in app.selectbox])
        assert "Ann's study" not in seen and "travel_bookings" not in seen, name
    assert "not found" in said(opened("Data", BOB, dataset=dataset))
    assert "not found" in said(opened("Lift", BOB, run=run.id)) and "not found" in said(
        opened("Generate", BOB, run=run.id)
    )
    bob = next(h for h in homes(tmp_path) if h != home)
    assert not (tmp_path / "owners" / bob / "datasets").exists() and not (tmp_path / "datasets").exists()


def test_the_account_menu_says_who_is_signed_in_and_signs_out():
    app = opened("Start", ANN)
    assert "Signed in as **Ann@agency.example**" in said(app) and {"Sign out", "Delete everything of mine"} <= buttons(
        app
    )
    assert "of 20 GB" in said(app)
    assert not {"Sign out", "Delete everything of mine"} & buttons(opened("Start", None, auth=None))


def test_everything_is_deleted_only_after_the_word(tmp_path):
    app = opened("Start", ANN)
    next(b for b in app.button if b.label == "Try the travel sample").click().run()
    (home,) = homes(tmp_path)
    app = opened("Start", ANN)
    app.button(key="erase").click().run()
    assert app.button(key="erase-now").disabled
    assert (tmp_path / "owners" / home / "datasets").exists()


@pytest.mark.parametrize(
    ("listed", "user", "enters"),
    [
        ("", ANN, True),
        ("ann@agency.example", ANN, True),
        ("x@y.example, @agency.example", BOB, True),
        ("ann@agency.example", BOB, False),
        ("@other.example", ANN, False),
        ("agency.example", ANN, False),
        ("@agency.example", {**ANN, "email": "eve@evil-agency.example"}, False),
        ("@agency.example", {**ANN, "email": "eve@agency.example.evil.example"}, False),
        ("@agency.example", {**ANN, "email_verified": False}, False),
        ("@agency.example", {"iss": "i", "sub": "3"}, False),
    ],
)
def test_only_listed_users_enter(monkeypatch, tmp_path, listed, user, enters):
    monkeypatch.setenv("STUDIO_ALLOWED_USERS", listed)
    app = opened("Start", user)
    assert ("Try the travel sample" in buttons(app)) == enters
    assert enters or ("may not use this server" in said(app) and not list(tmp_path.iterdir()))


def test_the_same_address_at_another_provider_is_somebody_else(tmp_path):
    for user in (ANN, {**ANN, "iss": "https://other.example"}, {**ANN, "email": "renamed@agency.example"}):
        opened("Start", user)
    assert len(homes(tmp_path)) == 2


def test_a_server_that_must_have_a_login_refuses_to_go_without(monkeypatch, tmp_path):
    monkeypatch.setenv("STUDIO_REQUIRE_LOGIN", "1")
    app = opened("Start", None, auth=None)
    assert "no login provider is set up" in said(app) and not buttons(app) and not list(tmp_path.iterdir())


def test_several_providers_have_a_button_each():
    app = opened("Start", None, auth={**AUTH, "google": {"client_id": "g"}, "entra": {"client_id": "m"}})
    assert buttons(app) == {"Sign in with google", "Sign in with entra"}
