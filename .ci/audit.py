"""Known vulnerabilities of what is installed here, by pip-audit. Run as: python .ci/audit.py

Fails on any that is not accepted below with a reason. Where no vulnerability data can be had the build goes on, and
that is said loudly: a package index without such data answers like one without vulnerabilities, so a version known to
have some is asked about first.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Id of a vulnerability, and why it does not matter here.
ACCEPTED: dict[str, str] = {}

CANARY = "urllib3==1.26.4"  # CVE-2021-33503 and others
AGAINST = 180.0  # seconds for everything
_LOUD = "!" * 100


def ask(*options: str) -> dict[str, Any] | None:
    """What pip-audit says; None where it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        ended = subprocess.run([*command, *options], capture_output=True, text=True, timeout=AGAINST)
        return json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None


def canary(asked: Callable[..., dict[str, Any] | None] = ask) -> bool:
    """Whether whoever answers knows vulnerabilities."""
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.txt"
        known.write_text(f"{CANARY}\n")
        found = asked("--requirement", str(known), "--no-deps", "--disable-pip")
    return found is not None and any(package.get("vulns") for package in found["dependencies"])


def verdict(found: dict[str, Any], accepted: dict[str, str]) -> tuple[int, list[str]]:
    """Exit code, and what to say."""
    lines, code = [], 0
    for package in found["dependencies"]:
        if reason := package.get("skip_reason"):
            lines.append(f"Not audited: {package['name']} ({reason})")
        for known in package.get("vulns", []):
            names = {known["id"], *known.get("aliases", [])}
            fixed = ", ".join(known.get("fix_versions", [])) or "no version yet"
            said = f"{package['name']} {package['version']}: {', '.join(sorted(names))}; fixed in {fixed}"
            if why := next((accepted[name] for name in sorted(names) if name in accepted), None):
                lines.append(f"Accepted: {said}. {why}")
            else:
                lines.append(f"VULNERABLE: {said}")
                code = 1
    return code, lines


def main() -> int:
    """The command."""
    found = ask("--local", "--skip-editable") if canary() else None
    if found is None:
        sys.stdout.write(f"{_LOUD}\nDependencies were NOT audited: no vulnerability data can be had here.\n{_LOUD}\n")
        return 0
    code, lines = verdict(found, ACCEPTED)
    sys.stdout.write("\n".join([*lines, f"{len(found['dependencies'])} packages audited."]) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
