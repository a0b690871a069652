"""What people get behind the proxy: TLS, sign-in, websockets, uploads with XSRF protection, and closed doors."""

from __future__ import annotations

import http.client
import re
import ssl
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import click, settled
from tests.browser.oidc import SECRET
from tests.deploy.conftest import COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CSV = b"age,city,booked\n" + b"25,Ulm,no\n38,Bonn,yes\n61,Ulm,no\n" * 100
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def ann(chromium, stack):
    """Ann, signed in through the proxy; what the browser's console and the websocket said is remembered."""
    context = chromium.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    expect.set_options(timeout=15_000)
    page.complaints, page.sockets = [], []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("websocket", lambda socket: page.sockets.append(socket.url))
    page.goto(stack.url)
    click(page, "Sign in")
    page.get_by_role("button", name="Ann", exact=True).click()
    page.wait_for_url(f"{stack.url}/**")
    settled(page)
    yield page
    context.close()


def asked(stack, method: str, path: str, *, inner: bool = False, body: bytes | None = None, **headers: str):
    """Status, headers and text of one answer; of the app itself where ``inner``."""
    address = urlsplit(stack.inner if inner else stack.url)
    if inner:
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    else:
        trusting = ssl.create_default_context(cafile=str(stack.folder / "fullchain.pem"))
        connection = http.client.HTTPSConnection(address.hostname, address.port, timeout=20, context=trusting)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read(10_000).decode("utf-8", "replace")
    finally:
        connection.close()


def test_somebody_signs_in_uploads_a_table_and_sees_it(ann, stack):
    ann.goto(f"{stack.url}/Data")
    settled(ann)
    assert ann.sockets and ann.sockets[-1].startswith(stack.url.replace("https", "wss"))
    ann.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "bookings.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    expect(ann.get_by_text("What each column is")).to_be_visible()
    (home,) = (stack.folder / "data" / "owners").glob("[!.]*")
    assert re.fullmatch("[0-9a-f]{32}", home.name) and any((home / "datasets").iterdir())


def test_the_page_works_under_its_content_security_policy(ann, stack):
    """Tables, charts, fonts and the editor load with nothing from elsewhere."""
    ann.complaints.clear()
    for name in ("Data", "Blueprint", "Journeys", "Voice"):
        ann.goto(f"{stack.url}/{name}")
        settled(ann)
    assert not [said for said in ann.complaints if "404" not in said]  # deep links look for files beside the page first
    assert all(urlsplit(url).netloc == urlsplit(stack.url).netloc for url in ann.sockets)


def test_cookies_travel_by_tls_only(ann):
    kept = {c["name"]: c for c in ann.context.cookies() if c["name"].startswith("_streamlit")}
    assert {"_streamlit_user", "_streamlit_xsrf"} <= kept.keys()
    assert all(c["secure"] and c["sameSite"] == "Lax" for c in kept.values())
    assert kept["_streamlit_user"]["httpOnly"]


def test_an_upload_from_another_site_is_refused(ann, stack):
    """A page elsewhere can make a browser send cookies, but cannot read the token that belongs into the header."""
    cookies = "; ".join(
        f"{c['name']}={c['value']}" for c in ann.context.cookies() if c["name"].startswith("_streamlit")
    )
    path = "/_stcore/upload_file/any-session/any-file"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\na,b\r\n--b--\r\n'
    for headers in ({}, {"Cookie": cookies}, {"Cookie": cookies, "X-Xsrftoken": "2|0|0|0"}):
        for method in ("PUT", "DELETE"):
            status, _, said = asked(stack, method, path, body=body, **kind, **headers)
            assert status == 403 and "XSRF" in said
    token = next(c["value"] for c in ann.context.cookies() if c["name"] == "_streamlit_xsrf")
    status, _, said = asked(stack, "PUT", path, body=body, **kind, Cookie=cookies, **{"X-Xsrftoken": token})
    assert status == 400 and "session" in said  # past the token; the session is nobody's
    answer = asked(stack, "OPTIONS", path, Origin="https://evil.example")[1]
    assert "evil" not in (answer["Access-Control-Allow-Origin"] or "")


def test_a_websocket_from_another_site_is_refused(ann, stack):
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "streamlit",
    }  # fmt: skip
    assert asked(stack, "GET", "/_stcore/stream", **upgrade, Origin="https://evil.example")[0] == 403
    assert asked(stack, "GET", "/_stcore/stream", inner=True, **upgrade, Origin="https://evil.example")[0] == 403


@pytest.mark.parametrize(("inner", "megabytes"), [(False, 202), (True, 201)])
def test_what_is_too_large_is_refused_before_it_is_read(ann, stack, inner, megabytes):
    """By the proxy, and by the app, which others may reach without it."""
    token = next(c["value"] for c in ann.context.cookies() if c["name"] == "_streamlit_xsrf")
    session = re.search(r"upload_file/([^/]+)/", upload_address(ann, stack))[1]
    status, _, _ = asked(
        stack, "PUT", f"/_stcore/upload_file/{session}/{'0' * 8}", inner=inner,
        **{"X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}", "Content-Length": str(megabytes * MEGABYTE)},
    )  # fmt: skip
    assert status == 413


def upload_address(page, stack) -> str:
    """Where this browser's session puts its files."""
    page.goto(f"{stack.url}/Data")
    settled(page)
    with page.expect_request(lambda r: r.method == "PUT" and "upload_file" in r.url) as found:
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
            {"name": "again.csv", "mimeType": "text/csv", "buffer": CSV}
        )
    settled(page)
    return found.value.url


def test_every_answer_carries_the_security_headers(stack):
    for path in ("/", "/Data", "/_stcore/health", "/no/such/file", "/_stcore/metrics"):
        headers = asked(stack, "GET", path)[1]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "max-age" in headers["Strict-Transport-Security"] and headers["Referrer-Policy"] == "same-origin"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "nginx/" not in headers["Server"]


def test_health_answers_and_figures_about_the_server_do_not(stack):
    assert asked(stack, "GET", "/_stcore/health")[::2] == (200, "ok")
    assert asked(stack, "GET", "/_stcore/metrics")[0] == 404
    assert asked(stack, "GET", "/_stcore/script-health-check")[0] == 404


@pytest.mark.parametrize("path", [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/static/..%2f..%2f..%2fetc/passwd",
    "/media/..%2f..%2fetc/passwd", "/component/x/..%2f..%2fetc/passwd", "/app/static/..%2fruns.db", "//etc/passwd",
    "/.streamlit/secrets.toml", "/data/runs.db", "/_stcore/upload_file/../../etc/passwd",
])  # fmt: skip
@pytest.mark.parametrize("inner", [False, True])
def test_no_path_leads_to_a_file_of_the_server(stack, path, inner):
    """Unknown paths are pages, so that the app's own HTML may come back; a file never does."""
    status, headers, said = asked(stack, "GET", path, inner=inner)
    assert status in (400, 403, 404, 405) or (status in (200, 301, 307) and "root:" not in said)
    assert "SQLite format" not in said and "client_secret" not in said and "[auth]" not in said
    assert status != 200 or headers["Content-Type"].startswith("text/html")


def test_no_secret_is_in_the_log_the_workspace_or_a_run(ann, stack):
    written = b"".join(p.read_bytes() for p in (stack.folder / "data").rglob("*") if p.is_file())
    written += (stack.folder / "app.log").read_bytes() + (stack.folder / "nginx.log").read_bytes()
    assert SECRET.encode() not in written and COOKIE.encode() not in written
    environment = open(f"/proc/{stack.app.pid}/environ", "rb").read()  # noqa: SIM115
    assert (
        b"STUDIO_WORKSPACE" in environment and SECRET.encode() not in environment and COOKIE.encode() not in environment
    )
    (kept,) = stack.folder.glob("studio-*/secrets.toml")
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700
