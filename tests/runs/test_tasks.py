"""The real tasks, end to end in their own process, and what is read back."""

from types import SimpleNamespace

import numpy as np
import pytest

from synth_core.errors import RunError, TableError
from synth_core.runs import Store
from synth_core.tables import Kind, TableLibrary, load_sample
from synth_core.tasks import history, results
from tests.runs.conftest import ended

GENERATE = {"generator": "trees", "settings": {"min_leaf": 20}, "rows": 500, "seed": 7, "holdout": 0.2}
LIFT = {"arms": ["trees"], "labels": ["own"], "rows": 300, "folds": 2, "repeats": 1, "seed": 7, "holdout": 0.2}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def library(workspace):
    return TableLibrary(workspace / "datasets")


@pytest.fixture(scope="module")
def dataset(library):
    return library.add(load_sample("travel"))


@pytest.fixture
def store(workspace):
    return Store(workspace)


def go(store, task, dataset, **spec):
    """A run of the real task, once it has ended."""
    run = store.submit(task, {**spec, "dataset": dataset}, title=task, dataset=dataset)
    return ended(store, run, 90)


@pytest.fixture
def generated(store, dataset):
    run = next((r for r in store.list() if r.task == "generate" and r.state == "succeeded"), None)
    return run or go(store, "generate", dataset, **GENERATE)


def test_generate_leaves_rows_schema_notes_and_fidelity(store, library, dataset, generated):
    assert generated.state == "succeeded", store.log(generated.id)
    found = results.load_generate(store.folder(generated.id))
    table = library.get(dataset)
    train = table.split(holdout=0.2, seed=7).train
    assert found.synthetic.dtypes.equals(table.frame.dtypes) and len(found.synthetic) == 500
    assert found.schema == table.schema.without_examples()
    assert found.train.equals(train.frame)
    assert found.summary["train_rows"] == len(train) and found.summary["spec"] == generated.spec
    assert found.fidelity.features
    names = [p.name for p in generated.phases]
    assert names == ["reading", "encoding", "fitting", "sampling", "checking"]
    assert all(p.step == p.total for p in generated.phases)


def test_rows_with_a_condition_are_compared_with_real_rows_like_them(store, dataset, library):
    table = library.get(dataset)
    where = {table.schema.target: table.schema.positive}
    run = go(store, "generate", dataset, **{**GENERATE, "where": where})
    found = results.load_generate(store.folder(run.id))
    assert set(found.synthetic[table.schema.target].astype(str)) == {table.schema.positive}
    assert (
        len(found.synthetic) == 500
        and found.fidelity.train_rows == found.train[table.schema.target].astype(str).eq(table.schema.positive).sum()
    )


def test_the_same_run_again_gives_the_same_rows(store, generated):
    again = ended(store, store.rerun(generated.id), 60)
    first, second = (results.load_generate(store.folder(r.id)).synthetic for r in (generated, again))
    assert first.equals(second)


def test_the_training_rows_are_not_copied_into_the_run(store, generated, library):
    real = library.get(generated.dataset)
    rows = store.folder(generated.id)
    assert {p.name for p in rows.iterdir()} == {
        "synthetic.parquet", "schema.json", "fidelity.json", "summary.json", "generator.zip"
    }  # fmt: skip
    found = results.load_generate(rows)
    same = found.synthetic.merge(real.frame, how="inner")
    assert len(same) <= len(found.synthetic) * 0.01


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
@pytest.mark.parametrize("name", ["synthetic.parquet", "schema.json", "fidelity.json", "summary.json"])
def test_a_damaged_result_is_a_sentence(store, generated, tmp_path, name, damage):
    copy = tmp_path / "runs" / "copy"
    copy.mkdir(parents=True)
    for file in store.folder(generated.id).iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    content = (copy / name).read_bytes()
    if damage == "missing":
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content[: len(content) // 2] if damage == "cut" else b"{}")
    with pytest.raises(RunError, match="damaged, or an older"):
        results.load_generate(copy)


def test_a_refused_setting_is_shown_as_it_stands(store, dataset):
    run = go(store, "generate", dataset, **{**GENERATE, "settings": {"min_leaf": -3}})
    assert run.state == "failed" and "-3" in run.error and "choose" in run.error


def test_a_removed_table_is_a_sentence(store, library, generated):
    travel = library.get(generated.dataset)
    dataset = library.add(travel.take(np.arange(300)))
    run = go(store, "generate", dataset, **GENERATE)
    library.remove(dataset)
    found = results.load_generate(store.folder(run.id))
    assert len(found.synthetic) == 500, "what was made stays readable"
    with pytest.raises(TableError, match="not found"):
        found.train  # noqa: B018
    assert "not found" in go(store, "generate", dataset, **GENERATE).error


def test_an_autopilot_by_date_leaves_its_trials_and_counts_them(store, library):
    table = load_sample("travel").take(np.arange(390))
    dates = [c.name for c in table.schema if c.kind is Kind.DATE]
    dataset = library.add(table)
    spec = {**LIFT, "budget": 10, "by_date": dates[0], "curves": True}
    run = go(store, "lift", dataset, **spec)
    assert run.state == "succeeded", store.log(run.id)
    study = results.load_study(store.folder(run.id))
    assert study.by_date == dates[0] and study.cutoff and len(study.trials) == study.tests_counted == 1
    assert history.earlier(store.workspace, {**LIFT, "dataset": dataset}, "another").tests == 1


def test_a_study_counts_earlier_ones_on_the_same_table_and_a_repeat_counts_nothing(store, library):
    table = load_sample("travel").take(np.arange(400))
    dataset, holdout = library.add(table), table.split(holdout=0.2, seed=7).holdout.fingerprint()
    spec = {**LIFT, "dataset": dataset}
    before = SimpleNamespace(tests_made=3, holdout="looked at", holdout_fingerprint=holdout)
    history.record(store.workspace, {**spec, "rows": 50}, before)

    run = go(store, "lift", dataset, **{**LIFT, "arms": [["trees", {"min_leaf": 30}]], "learner": "logistic"})
    assert run.state == "succeeded", store.log(run.id)
    study = results.load_study(store.folder(run.id))
    assert (study.tests_counted, study.holdout.look) == (4, 2)
    store.remove(run.id)  # the test was made all the same
    assert history.earlier(store.workspace, spec, holdout) == history.Past(tests=4, looks=2)
    assert history.earlier(store.workspace, spec, "another") == history.Past(tests=4, looks=0)
    assert history.earlier(store.workspace, run.spec, holdout) == history.Past(tests=3, looks=1), "a repeat"
    assert history.earlier(store.workspace, {**spec, "dataset": "0" * 64}, holdout) == history.Past(0, 0)


def test_a_damaged_study_is_a_sentence(tmp_path):
    (tmp_path / "study.json").write_text('{"verdict": {"word": "helps"', "utf-8")
    with pytest.raises(RunError, match="damaged, or an older"):
        results.load_study(tmp_path)
