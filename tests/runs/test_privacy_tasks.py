"""Checks and self-tests end to end in their own process: which real rows they take, and what is read back."""

import numpy as np
import pytest

from synth_core import privacy
from synth_core.errors import RunError
from synth_core.progress import SILENT
from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample, table_from_frame
from synth_core.tables.conform import conform
from synth_core.tasks import privacy as privacy_task
from synth_core.tasks import results
from tests.runs.conftest import ended

ROWS = {"generator": "trees", "settings": {"min_leaf": 20}, "rows": 300, "seed": 7, "holdout": 0.3}
OUTSIDER = {"known": ["age", "channel"], "secret_columns": ["booked"], "seed": 3}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def library(workspace):
    return TableLibrary(workspace / "datasets")


@pytest.fixture(scope="module")
def dataset(library):
    return library.add(load_sample("travel").take(np.arange(700)))


@pytest.fixture
def store(workspace):
    return Store(workspace)


def go(store, task, dataset, **spec):
    run = store.submit(task, {**spec, "dataset": dataset}, title=task, dataset=dataset)
    return ended(store, run, 90)


@pytest.fixture(scope="module")
def generated(workspace, dataset):
    run = go(Store(workspace), "generate", dataset, **ROWS)
    assert run.state == "succeeded", run.error
    return run


def test_a_check_attacks_exactly_the_rows_of_its_run(store, dataset, generated):
    run = go(store, "privacy", dataset, run=generated.id, **OUTSIDER)
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_privacy(store.folder(run.id))
    source = results.load_generate(store.folder(generated.id))
    expected = privacy.report(
        source.split.train, source.split.holdout, source.synthetic, seed=3, known=["age", "channel"],
        secret_columns=["booked"],
    )  # fmt: skip
    assert found == expected
    assert found.meters and found.secrets and found.distances and found.memberships
    assert {p.name for p in run.phases} == {"reading", "attacking"}
    assert all(p.step == p.total for p in run.phases)
    assert {p.name for p in store.folder(run.id).iterdir()} == {"privacy.json"}, "no row is copied"


def test_rows_with_a_condition_are_compared_with_real_rows_like_them(store, library, dataset):
    table = library.get(dataset)
    where = {table.schema.target: table.schema.positive}
    made = go(store, "generate", dataset, **{**ROWS, "where": where})
    run = go(store, "privacy", dataset, run=made.id, **OUTSIDER)
    assert run.state == "succeeded", store.log(run.id)
    split, found = table.split(holdout=0.3, seed=7), results.load_privacy(store.folder(run.id))
    assert (found.train_rows, found.holdout_rows) == (split.train.labels().sum(), split.holdout.labels().sum())


@pytest.mark.parametrize("saw", ["train", "all"])
def test_rows_made_elsewhere_are_attacked_in_the_columns_they_have(store, workspace, library, dataset, saw):
    table = library.get(dataset)
    stolen = table.split(holdout=0.3, seed=7).train.frame.drop(columns=["nights"])
    given = TableLibrary(workspace / "audits").add(conform(table_from_frame(stolen, "theirs.csv"), table))
    about = {"synthetic": given, "name": "theirs.csv", "saw": saw, "seed": 7, "holdout": 0.3}
    made = go(store, "audit", dataset, **about)
    run = go(store, "privacy", dataset, run=made.id, **OUTSIDER)
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_privacy(store.folder(run.id))
    assert found.matches == found.synthetic_rows == len(stolen), "a copy is called one"
    if saw == "all":
        assert (found.train_rows, found.holdout_rows) == (len(table), 0) and not found.meters and found.unavailable
    else:
        assert found.train_rows == len(stolen) and found.holdout_rows == len(table) - len(stolen)
        assert found.meters[0].grade == "high"


def test_the_rows_of_a_deleted_run_cannot_be_checked(tmp_path, dataset):
    with pytest.raises(RunError, match=r"has been deleted\. Pick another one"):
        privacy_task.run({"run": "0" * 32, "dataset": dataset, **OUTSIDER}, tmp_path / "runs" / "draft", SILENT)


def test_a_self_test_reads_copies_and_strangers(store, dataset):
    run = go(store, "self_test", dataset, holdout=0.3, **OUTSIDER)
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_self_test(store.folder(run.id))
    assert [s.expected for s in found.scenarios] == ["bad", "bad", "neutral"]
    assert found.scenarios[0].passed and found.scenarios[2].passed, found.headline
    assert {p.name for p in run.phases} == {"reading", "testing"}


@pytest.mark.parametrize("name", ["privacy", "self_test"])
def test_a_damaged_result_is_a_sentence(tmp_path, name):
    (tmp_path / f"{name}.json").write_text('{"headline": 3}', "utf-8")
    with pytest.raises(RunError, match="damaged, or an older"):
        getattr(results, f"load_{name}")(tmp_path)
