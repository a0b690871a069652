"""What is in a pack, what is not, and when none is made."""

import hashlib
import io
import json
import zipfile

import pandas as pd
import pytest

from synth_core.errors import PackError, SynthError
from synth_core.reports import pack
from synth_core.runs import Store
from synth_core.tables import TableLibrary
from synth_core.tables.export import FLAG
from synth_core.tasks import results, unpacking
from tests.packs.makers import Made, lift_spec, parts_of, protected_values


@pytest.fixture(scope="module")
def parts(content):
    return parts_of(content)


@pytest.fixture
def found(made):
    return results.load_generate(made.store.folder(made.rows.id))


def test_the_first_line_says_what_it_is(parts):
    first = parts[pack.README].decode().splitlines()[0]
    for fact in ("SYNTHETIC DATA", "200 rows", "“bookings.csv”", "Trees", "Synthetic Data Studio"):
        assert fact in first


def test_the_manifest_has_the_hash_and_size_of_every_file(content, parts):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read(pack.MANIFEST))
    assert manifest["format"] == pack.FORMAT and manifest["version"] == 1 and manifest["product"]
    assert manifest["files"] == {
        n: {"sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in parts.items()
    }
    assert {
        pack.REPORT,
        pack.CARD_JSON,
        pack.CARD_MARKDOWN,
        "runs/privacy/privacy.json",
        "runs/lift/study.json",
    } <= set(parts)


def test_the_same_runs_give_the_same_bytes(made, content):
    assert made.pack() == content


def test_rows_come_back_with_their_types(parts, found):
    written = pd.read_parquet(io.BytesIO(parts[pack.PARQUET]))
    assert written.pop(FLAG).eq(True).all() and list(written) == found.schema.names
    assert written["income"].equals(found.synthetic["income"]) and written["joined"].equals(found.synthetic["joined"])
    assert written["visits"].tolist() == found.synthetic["visits"].tolist()
    read = pd.read_csv(io.BytesIO(parts[pack.CSV]))
    assert read.columns[-1] == FLAG and read[FLAG].all() and len(read) == len(found.synthetic)
    assert read["city"].tolist() == found.synthetic["city"].tolist()


def test_no_value_that_must_not_leave_is_in_any_file(made, parts):
    values = [v.encode() for v in protected_values(made.table)]
    assert len(values) == 3 * len(made.table) and made.table.schema["email"].examples
    for name, part in parts.items():
        assert not [v for v in values if v in part], name
        assert not any(words in part for words in (b"private1", b"zq0001x", b"was kind")), name


def test_no_real_row_is_in_any_file(made, parts, found):
    features = made.table.schema.features
    real = set(made.table.frame[features].astype(str).itertuples(index=False, name=None))
    assert not real & set(found.synthetic[features].astype(str).itertuples(index=False, name=None))
    report = json.loads(parts["runs/generate/fidelity.json"])
    assert report["projection"] is None and found.fidelity.projection is not None  # a point stands for a real row
    assert (
        not json.loads(parts["runs/generate/schema.json"])["rules"] and found.schema.rules
    )  # combinations of real rows
    assert not [n for n in parts if "generator" in n.lower() and n.endswith(".zip")]
    for one in made.table.frame["income"].map("{:.2f}".format):  # every income is of one person
        assert f",{one},".encode() not in parts[pack.CSV]


def test_the_card_has_the_figures_that_were_stored(made, parts, found):
    card = json.loads(parts[pack.CARD_JSON])
    assert card["synthetic"] is True and card["rows"] == 200 and card["seed"] == 7
    assert card["split"] == {"holdout_share": 0.25, "training_rows": 180, "holdout_rows": 60}
    assert [s["value"] for s in card["fidelity"]["scores"]] == [s.value for s in found.fidelity.scores]
    assert card["privacy"]["headline"].startswith("Two of 5 meters") and card["lift"]["verdict"] == "no evidence"
    comes_out = {c["name"]: c["comes_out"] for c in card["columns"]}
    assert comes_out["email"] == "blank" and comes_out["customer_id"].startswith("invented")
    assert "customer_id, email, remark" in card["checked"] and card["not_for"] and card["intended_use"]


def test_without_check_and_study_the_card_says_so(made):
    parts = parts_of(made.pack(privacy=None, lift=None))
    card = json.loads(parts[pack.CARD_JSON])
    assert "left_out" in card["privacy"] and "left_out" in card["lift"]
    assert not any(n.startswith(("runs/privacy", "runs/lift")) for n in parts)


def test_the_report_in_it_is_drawn_from_the_pack_alone(made, tmp_path):
    seen = []

    def report(home, ids):
        store = Store(home)
        seen.extend([store.get(i).task for i in ids])
        assert TableLibrary(home / "datasets").list() == [] and home != made.store.layout.home
        return "<p>drawn</p>"

    assert parts_of(made.pack(report=report))[pack.REPORT] == b"<p>drawn</p>"
    assert seen == ["generate", "privacy", "lift"]


def test_real_values_among_the_rows_refuse_a_pack(tmp_path):
    made = Made(tmp_path)
    path = made.store.folder(made.rows.id) / "synthetic.parquet"
    rows = pd.read_parquet(path)
    rows.loc[3, "customer_id"] = made.table.frame.loc[9, "customer_id"]
    rows.to_parquet(path, index=False)
    with pytest.raises(PackError, match="“customer_id” in 1 row"):
        made.pack()


def test_copies_of_real_rows_refuse_a_pack(tmp_path):
    made = Made(tmp_path)
    path = made.store.folder(made.rows.id) / "synthetic.parquet"
    rows = pd.read_parquet(path)
    train = results.load_generate(path.parent).train
    features = [*made.table.schema.features, "booked"]
    rows.loc[:19, features] = train.loc[:19, features].to_numpy()
    rows.to_parquet(path, index=False)
    with pytest.raises(PackError, match="copies of real rows"):
        made.pack()


def test_without_the_real_table_there_is_no_pack(tmp_path):
    made = Made(tmp_path)
    TableLibrary(tmp_path / "datasets").remove(made.dataset)
    with pytest.raises(PackError, match="real table of these rows is not here any more"):
        made.pack()
    assert not any(r.task == "handover" for r in made.store.list())


def test_runs_that_do_not_belong_together_are_refused(made):
    check = dict(made.check.spec, run=made.study.id)
    other = made.adopt("privacy", check, lambda folder: None)
    with pytest.raises(PackError, match="about other rows"):
        made.pack(privacy=other.id)
    foreign = made.store.adopt("lift", lift_spec("0" * 64), title="s", dataset="0" * 64, fill=lambda folder: None)
    with pytest.raises(PackError, match="another table"):
        made.pack(lift=foreign.id)
    tried = made.adopt("lift", lift_spec(made.dataset, ["trees", ["dp_mst", {"epsilon": 1.0}]]), lambda folder: None)
    with pytest.raises(PackError, match="outside the guarantee"):
        made.pack(lift=tried.id)
    with pytest.raises(SynthError, match="deleted or has no result"):
        made.pack(privacy=made.study.id)


def test_a_pack_of_somebody_else_is_not_packed_again(content, made, tmp_path):
    store = Store(tmp_path)
    run = unpacking.adopt(store, content)["generate"]
    made_there = object.__new__(Made)
    made_there.store, made_there.rows, made_there.dataset = store, run, run.dataset
    made_there.check = made_there.study = run
    with pytest.raises(PackError, match="hand that pack on"):
        made_there.pack(privacy=None, lift=None)
