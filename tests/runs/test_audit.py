"""Audits of synthetic tables made elsewhere, end to end in their own process."""

import numpy as np
import pandas as pd
import pytest

from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample, table_from_frame
from synth_core.tables.conform import conform
from synth_core.tasks import results
from tests.runs.conftest import ended


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def travel():
    return load_sample("travel")


@pytest.fixture(scope="module")
def boots(travel):
    """A bootstrap of the training rows of the split that the audits below use, columns in another order."""
    train = travel.split(holdout=0.25, seed=3).train.frame
    return train.sample(600, replace=True, random_state=1).reset_index(drop=True)[travel.schema.names[::-1]]


def audit(workspace, travel, frame: pd.DataFrame, **spec):
    """The run of an audit of ``frame`` once it has ended, and the store."""
    store = Store(workspace)
    dataset = TableLibrary(workspace / "datasets").add(travel)
    given = TableLibrary(workspace / "audits").add(conform(table_from_frame(frame, "theirs.csv"), travel))
    asked = {"dataset": dataset, "synthetic": given, "name": "theirs.csv", "seed": 3, "holdout": 0.25, **spec}
    return ended(store, store.submit("audit", asked, title="audit", dataset=dataset), 90), store


def test_a_bootstrap_of_the_training_rows_is_compared_with_that_split(workspace, travel, boots):
    run, store = audit(workspace, travel, boots, saw="train")
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_generate(store.folder(run.id))
    split = travel.split(holdout=0.25, seed=3)
    assert found.schema == travel.schema.without_examples() and len(found.synthetic) == 600
    assert found.fidelity.train_rows == len(split.train) and found.fidelity.holdout_rows == len(split.holdout)
    assert max(f.synthetic.kl for f in found.fidelity.features) < 0.03, "its own rows drawn again are close"
    train, holdout = found.compared
    assert np.array_equal(train.row_ids, split.train.row_ids) and holdout.fingerprint() == split.holdout.fingerprint()
    assert found.summary["holdout_fingerprint"] == split.holdout.fingerprint() and found.saved is None
    assert not TableLibrary(workspace / "datasets").list()[1:], "an audited table is no real one"


def test_a_table_whose_generator_saw_every_row_has_no_yardstick(workspace, travel, boots):
    run, store = audit(workspace, travel, boots, saw="all")
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_generate(store.folder(run.id))
    assert found.fidelity.train_rows == len(travel) and found.fidelity.holdout_rows == 0
    assert all(f.holdout is None for f in found.fidelity.features)
    assert any("no fair yardstick" in u.reason for u in found.fidelity.unavailable)
    assert found.compared[1] is None and len(found.compared[0]) == len(travel)


def test_absent_columns_are_listed_and_nothing_else_is_lost(workspace, travel, boots):
    absent = [travel.target, travel.schema.features[0]]
    run, store = audit(workspace, travel, boots.drop(columns=absent).assign(extra=1), saw="train")
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_generate(store.folder(run.id))
    assert {u.name for u in found.fidelity.unavailable} >= set(absent)
    kept = [n for n in travel.schema.names if n not in absent]
    assert list(found.synthetic) == kept == found.compared[0].schema.names
    assert {f.name for f in found.fidelity.features} == set(travel.schema.features) - set(absent)
    assert any("extra" in n for n in found.notes) and any(absent[0] in n for n in found.notes)


def test_the_same_audit_again_gives_the_same_report(workspace, travel, boots):
    run, store = audit(workspace, travel, boots, saw="train")
    again = ended(store, store.rerun(run.id), 90)
    first, second = (results.load_generate(store.folder(r.id)).fidelity for r in (run, again))
    assert first == second


def test_a_removed_upload_is_a_sentence(workspace, travel, boots):
    run, store = audit(workspace, travel, boots.assign(age=boots["age"] + 1), saw="train")
    TableLibrary(workspace / "audits").remove(run.spec["synthetic"])
    again = ended(store, store.rerun(run.id), 60)
    assert again.state == "failed" and "not found" in again.error
