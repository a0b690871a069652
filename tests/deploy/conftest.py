"""The app as a server runs it: started by the entrypoint, behind nginx with TLS, with people who sign in."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.browser.conftest import ROOT, chromium
from tests.browser.oidc import CLIENT, SECRET, Provider

__all__ = ["chromium"]

DEPLOY = ROOT / "assets" / "deploy"
COOKIE = "0123456789abcdef" * 4


@dataclass(frozen=True)
class Stack:
    """Addresses of the proxy and of the app behind it, the folder of both, and the app's process."""

    url: str
    inner: str
    folder: Path
    app: subprocess.Popen


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="package")
def stack(tmp_path_factory):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        message = "no nginx on this machine: install Debian's nginx package"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    folder = tmp_path_factory.mktemp("stack")
    inner, outer, plain = free_port(), free_port(), free_port()
    url = f"https://localhost:{outer}"
    with Provider() as provider:
        provider.redirects.add(f"{url}/oauth2callback")
        with (folder / "app.log").open("wb") as log:
            app = subprocess.Popen(
                [sys.executable, str(DEPLOY / "entrypoint.py")],
                env=environment(folder, url, provider.issuer) | {"STUDIO_PORT": str(inner)},
                stdout=log,
                stderr=log,
            )
        proxy = subprocess.Popen([nginx, "-c", str(configured(folder, inner, outer, plain)), "-p", str(folder)])
        found = Stack(url, f"http://127.0.0.1:{inner}", folder, app)
        try:
            until_healthy(found)
            yield found
        finally:
            for process in (proxy, app):
                process.terminate()
            for process in (proxy, app):
                process.wait(20)


def environment(folder: Path, url: str, issuer: str) -> dict[str, str]:
    """What the entrypoint is given, the client's secret in a file; no secret is the name of a path."""
    (folder / "data").mkdir(exist_ok=True)
    (folder / "client").write_text(f"{SECRET}\n", "utf-8")
    ours = {n: v for n, v in os.environ.items() if not n.startswith("STUDIO_")}
    return ours | {
        "STUDIO_WORKSPACE": str(folder / "data"),
        "STUDIO_REQUIRE_LOGIN": "1",
        "STUDIO_ADDRESS": "127.0.0.1",
        "STUDIO_URL": url,
        "STUDIO_OIDC_ISSUER": issuer,
        "STUDIO_OIDC_CLIENT_ID": CLIENT,
        "STUDIO_OIDC_CLIENT_SECRET_FILE": str(folder / "client"),
        "STUDIO_COOKIE_SECRET": COOKIE,
        "TMPDIR": str(folder),
        "OMP_NUM_THREADS": "1",
    }


def configured(folder: Path, inner: int, outer: int, plain: int) -> Path:
    """The configuration that the image of nginx would make, with other ports and folders."""
    site = (DEPLOY / "nginx.conf.template").read_text("utf-8").replace("${STUDIO_HOST}", "localhost")
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{outer} ssl"),
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("http://studio:8501", f"http://127.0.0.1:{inner}"),
        ("/etc/nginx/certs", str(folder)),
    ):
        assert site.count(old) >= 1, old
        site = site.replace(old, new)
    certify(folder)
    (folder / "site.conf").write_text(site, "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main, user = folder / "nginx.conf", "" if os.getuid() else "user root; "  # its workers read the folder, too
    main.write_text(
        f"{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n",
        "utf-8",
    )
    return main


def certify(folder: Path) -> None:
    """A certificate for localhost that nobody else signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def until_healthy(stack: Stack, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{stack.inner}/_stcore/health", timeout=1).close()
            return
        except OSError:
            assert stack.app.poll() is None, (stack.folder / "app.log").read_text("utf-8")
            time.sleep(0.1)
    raise AssertionError("the app did not start: " + re.sub(r"\s+", " ", (stack.folder / "app.log").read_text("utf-8")))
