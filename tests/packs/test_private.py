"""Packs of private rows: the certificate comes with them, and nothing that was read off the real rows without noise."""

import json

import pytest

from synth_core.reports import pack
from synth_core.runs import Store
from synth_core.tables import TableLibrary
from synth_core.tasks import results, unpacking
from tests.packs.makers import ROWS, parts_of, protected_values


@pytest.fixture(scope="module")
def parts(private):
    return parts_of(private.pack())


def test_the_certificate_is_in_it(parts, private):
    card, certificate = json.loads(parts[pack.CARD_JSON]), json.loads(parts[pack.CERTIFICATE_JSON])
    assert card["certificate"] == certificate and certificate["epsilon"] == 2.0
    assert "ε = 2" in parts[pack.CERTIFICATE_MARKDOWN].decode()
    assert "certificate.md" in parts[pack.README].decode()
    stored = results.load_generate(private.store.folder(private.rows.id))
    assert json.loads(parts["runs/generate/release.json"])["epsilon"] == stored.release.epsilon


def test_what_was_read_off_the_real_rows_is_left_out(parts, private):
    assert not any(n.startswith(("runs/privacy", "runs/lift")) or n.endswith("fidelity.json") for n in parts)
    card, summary = json.loads(parts[pack.CARD_JSON]), json.loads(parts["runs/generate/summary.json"])
    assert all("left_out" in card[part] for part in ("fidelity", "privacy", "lift"))
    assert card["split"]["training_rows"] is None and summary["train_rows"] is summary["holdout_fingerprint"] is None
    assert json.loads(parts["runs/generate/run.json"])["table"]["rows"] is None
    fingerprint = results.load_generate(private.store.folder(private.rows.id)).summary["holdout_fingerprint"]
    hidden = [private.dataset, fingerprint, *protected_values(private.table)]
    for name, part in parts.items():
        assert not [v for v in hidden if v.encode() in part], name
    assert f"{ROWS} rows" not in parts[pack.README].decode()


def test_it_needs_no_real_table_and_opens_elsewhere(private, tmp_path):
    table = TableLibrary(private.store.layout.home / "datasets")
    try:
        table.remove(private.dataset)
        content = private.pack()
    finally:
        table.add(private.table)
    there = Store(tmp_path)
    run = unpacking.adopt(there, content)["generate"]
    found, stored = (results.load_generate(s.folder(r.id)) for s, r in ((there, run), (private.store, private.rows)))
    assert found.synthetic.equals(stored.synthetic) and found.release == stored.release
    assert not found.fidelity.features and run.dataset != private.dataset
