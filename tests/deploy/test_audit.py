"""The audit fails on what it finds, and never passes silently where it could not look."""

from importlib import util

import pytest

from tests.browser.conftest import ROOT

_spec = util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
audit = util.module_from_spec(_spec)
_spec.loader.exec_module(audit)

KNOWN = {"id": "GHSA-1", "aliases": ["CVE-1"], "fix_versions": ["2.0"]}


def report(*vulns, **more) -> dict:
    return {"dependencies": [{"name": "p", "version": "1.0", "vulns": list(vulns), **more}]}


@pytest.mark.parametrize(
    ("found", "accepted", "code", "said"),
    [
        (report(), {}, 0, ""),
        (report(KNOWN), {}, 1, "VULNERABLE: p 1.0: CVE-1, GHSA-1; fixed in 2.0"),
        (report(KNOWN), {"CVE-1": "Never called."}, 0, "Accepted: p 1.0: CVE-1, GHSA-1; fixed in 2.0. Never called."),
        (report(KNOWN, {"id": "GHSA-2"}), {"GHSA-1": "Never called."}, 1, "VULNERABLE: p 1.0: GHSA-2; fixed in no"),
        ({"dependencies": [{"name": "own", "skip_reason": "not found"}]}, {}, 0, "Not audited: own (not found)"),
    ],
)
def test_what_is_known_and_not_accepted_fails(found, accepted, code, said):
    ended, lines = audit.verdict(found, accepted)
    assert ended == code and said in "\n".join(lines)


@pytest.mark.parametrize("answer", [None, report(), {"dependencies": [{"name": "urllib3", "skip_reason": "none"}]}])
def test_an_index_without_such_data_is_no_clean_bill(monkeypatch, capsys, answer):
    monkeypatch.setattr(audit, "ask", lambda *options: answer)
    assert not audit.canary(audit.ask)
    monkeypatch.setattr(audit, "canary", lambda: False)
    assert audit.main() == 0 and "NOT audited" in capsys.readouterr().out


def test_the_canary_sings_where_there_is_data(monkeypatch, capsys):
    monkeypatch.setattr(audit, "ask", lambda *options: report(KNOWN))
    assert audit.canary(audit.ask)
    monkeypatch.setattr(audit, "canary", lambda: True)
    assert audit.main() == 1 and "VULNERABLE" in capsys.readouterr().out


def test_every_accepted_vulnerability_has_a_reason():
    assert all(reason.strip() for reason in audit.ACCEPTED.values())
    assert "python .ci/audit.py" in (ROOT / ".ci" / "run").read_text("utf-8")
