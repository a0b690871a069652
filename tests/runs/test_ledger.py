"""The privacy budget of a table: what is charged, how it adds up, and that nothing gives it back."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import RunError, SynthError
from synth_core.generators.dp import accountant
from synth_core.progress import SILENT
from synth_core.runs import Store
from synth_core.tables import Role, TableLibrary, load_sample, set_roles, set_target, table_from_frame
from synth_core.tasks import dp_curve, generate, ledger, lift, results
from synth_core.tasks.identity import Identity, identity_of
from synth_core.tasks.ledger import Entry, Ledger
from tests.runs.conftest import ended, until

PRIVATE = {"generator": "dp_mst", "settings": {"epsilon": 1.0}, "rows": 50, "seed": 7, "holdout": 0.2}
KEY = Identity("k" * 64)


def entry(epsilon: float = 1.0, delta: float = 1e-6, **changes) -> Entry:
    made = Entry("r" * 32, "rows", epsilon, delta, accountant.rho_of(epsilon, delta / 2), delta / 2)
    return replace(made, **changes)


@pytest.fixture
def dataset(tmp_path):
    return TableLibrary(tmp_path / "datasets").add(load_sample("travel"))


@pytest.fixture
def account(tmp_path, dataset):
    """Reads the account of the sample."""
    key = identity_of(TableLibrary(tmp_path / "datasets").get(dataset))
    return lambda: ledger.read(tmp_path, key)


def draft(tmp_path, name="run"):
    folder = tmp_path / "runs" / f".{name}"
    folder.mkdir(parents=True)
    return folder


# What an account is


def test_an_account_that_nobody_used_is_empty(tmp_path):
    found = ledger.read(tmp_path, KEY)
    assert found == Ledger() and found.epsilon == found.delta == found.tight == 0 and found.left is None
    assert found.refusal(1e9) is None


def test_entries_come_back_newest_first(tmp_path):
    entries = [entry(0.5, time=3.0), entry(unit="person", unit_rows=4, time=9.0), entry(exported=False, time=6.0)]
    for e in entries:
        ledger.charge(tmp_path, KEY, e)
    found = ledger.read(tmp_path, KEY)
    assert found.entries == (entries[1], entries[2], entries[0])
    assert found.charged == (entries[1], entries[0]) and found.inside == (entries[2],)
    assert found.epsilon == 1.5 and found.delta == 2e-6, "studies inside the tool do not count"
    assert ledger.read(tmp_path, Identity("other")) == Ledger()


def test_every_entry_is_a_small_file_of_its_own(tmp_path):
    for _ in range(3):
        ledger.charge(tmp_path, KEY, entry())
    files = [f for f in (tmp_path / "ledger" / KEY.key).iterdir() if f.name != "rows.json"]
    assert len(files) == 3 and all(f.stat().st_size < 1_000 for f in files)


def test_a_damaged_account_is_not_an_empty_one(tmp_path):
    ledger.charge(tmp_path, KEY, entry())
    next(f for f in (tmp_path / "ledger" / KEY.key).iterdir() if f.name != "rows.json").write_text("{", "utf-8")
    with pytest.raises(RunError, match="nobody can tell what is left"):
        ledger.read(tmp_path, KEY)


# The cap


def test_what_would_exceed_the_cap_is_refused_and_costs_nothing(tmp_path):
    ledger.set_cap(tmp_path, KEY, 3.0)
    ledger.charge(tmp_path, KEY, entry(2.0))
    with pytest.raises(RunError, match=r"ε = 1.5 would exceed the cap of 3 for this table: 2 is spent, 1 is left"):
        ledger.charge(tmp_path, KEY, entry(1.5))
    found = ledger.read(tmp_path, KEY)
    assert len(found.entries) == 1 and found.left == 1.0
    ledger.charge(tmp_path, KEY, entry(1.0))
    assert ledger.read(tmp_path, KEY).left == 0.0


def test_rounding_does_not_break_a_cap(tmp_path):
    ledger.set_cap(tmp_path, KEY, 0.3)
    for _ in range(3):
        ledger.charge(tmp_path, KEY, entry(0.1))  # 0.1 + 0.1 + 0.1 > 0.3


def test_studies_inside_the_tool_pass_any_cap_and_use_nothing_of_it(tmp_path):
    ledger.set_cap(tmp_path, KEY, 0.5)
    ledger.charge(tmp_path, KEY, entry(100.0, exported=False))
    assert ledger.read(tmp_path, KEY).left == 0.5


def test_a_cap_can_be_changed_and_taken_away(tmp_path):
    ledger.set_cap(tmp_path, KEY, 1.0)
    ledger.charge(tmp_path, KEY, entry(1.0))
    ledger.set_cap(tmp_path, KEY, 0.5)
    assert ledger.read(tmp_path, KEY).left == 0.0, "below what is spent already"
    ledger.set_cap(tmp_path, KEY, None)
    assert ledger.read(tmp_path, KEY).refusal(5.0) is None and ledger.read(tmp_path, KEY).epsilon == 1.0


def test_runs_that_start_together_cannot_exceed_the_cap(tmp_path):
    ledger.set_cap(tmp_path, KEY, 2.5)

    def spend(_):
        try:
            ledger.charge(tmp_path, KEY, entry(1.0))
        except RunError as refused:
            return str(refused)

    with ThreadPoolExecutor(8) as pool:
        told = [t for t in pool.map(spend, range(16)) if t]
    assert ledger.read(tmp_path, KEY).epsilon == 16 - len(told) <= 2
    assert all("would exceed the cap" in t or "at the same moment" in t for t in told)


# Adding up


@given(
    st.lists(
        st.builds(entry, st.floats(0.01, 20.0), st.floats(1e-9, 1e-5), exported=st.booleans()), min_size=1, max_size=6
    )
)
@settings(max_examples=60, deadline=None)
def test_the_tighter_sum_lies_between_the_largest_part_and_the_plain_sum(entries):
    found = Ledger(tuple(entries))
    parts = [e.epsilon for e in entries if e.exported]
    assert found.epsilon == pytest.approx(sum(parts)) and found.delta == sum(e.delta for e in entries if e.exported)
    assert max(parts, default=0.0) <= found.tight <= found.epsilon


@given(st.floats(0.01, 10.0), st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_more_is_never_less(epsilon, times):
    sums = [Ledger((entry(epsilon),) * n).tight for n in (times, times + 1)]
    assert sums[0] <= sums[1] * (1 + 1e-9)


@given(st.lists(st.floats(0.01, 5.0), max_size=8), st.floats(0.01, 10.0))
@settings(max_examples=60, deadline=None)
def test_the_cap_is_never_exceeded(tmp_path_factory, wanted, cap):
    place = tmp_path_factory.mktemp("ledger")
    ledger.set_cap(place, KEY, cap)
    for epsilon in wanted:
        planned = ledger.read(place, KEY).refusal(epsilon)
        try:
            ledger.charge(place, KEY, entry(epsilon))
        except RunError as refused:
            assert str(refused) == planned
        else:
            assert planned is None
    assert ledger.read(place, KEY).epsilon <= cap + 1e-6


def test_many_small_runs_cost_less_than_their_sum():
    found = Ledger((entry(0.1),) * 50)
    together = accountant.epsilon_of(50 * accountant.rho_of(0.1, 5e-7), 50 * 5e-7)
    assert found.epsilon == pytest.approx(5.0) and found.tight == pytest.approx(together) and found.tight < 1.0


# Whose account it is


def test_roles_targets_and_headers_do_not_open_a_new_account():
    table = load_sample("travel")
    key = identity_of(table)
    others = [
        set_roles(table, {"age": Role.IDENTIFIER, "channel": Role.SENSITIVE}),
        set_roles(table, {"travellers": Role.CATEGORICAL}),
        set_target(table, "channel", drop_missing_target=True),
        table,
    ]
    assert [identity_of(t) for t in others] == [key] * len(others)
    assert len({t.sha256() for t in others}) == 4, "in the library they are different tables"


def test_a_number_read_as_text_is_the_same_number():
    numbers = pd.DataFrame({"a": [1, 2, None, 4] * 10, "b": list("wxyz") * 10})
    found = table_from_frame(numbers), table_from_frame(numbers.assign(a=["1.0", "2.0", "", "4.0"] * 10))
    assert len({identity_of(t) for t in found}) == 1


@pytest.mark.parametrize("change", ["value", "row", "missing"])
def test_other_values_are_another_table(change):
    table = load_sample("travel")
    frame = table.frame.copy()
    if change == "row":
        frame = frame.iloc[:-1]
    else:
        frame.loc[3, "age"] = 77 if change == "value" else None
    assert identity_of(replace(table, frame=frame)) != identity_of(table)


def test_rows_less_rows_more_or_in_another_order_share_the_account(tmp_path):
    table = load_sample("travel")
    ledger.charge(tmp_path, identity_of(table.take(np.arange(1_000))), entry(2.0))
    shuffled = np.random.default_rng(1).permutation(len(table))
    for rows in (np.arange(1_200), np.arange(800), shuffled):
        assert ledger.read(tmp_path, identity_of(table.take(rows))).epsilon == 2.0
    ledger.charge(tmp_path, identity_of(table.take(np.arange(900))), entry(1.0))
    assert ledger.read(tmp_path, identity_of(table)).epsilon == 3.0
    assert len(list((tmp_path / "ledger").iterdir())) == 1


def test_a_target_with_missing_values_does_not_open_a_new_account(tmp_path):
    table = load_sample("travel")
    name = next(c.name for c in table.schema if table.frame[c.name].isna().any() and c.name in table.schema.features)
    ledger.charge(tmp_path, identity_of(table), entry())
    cut = set_target(table, name, drop_missing_target=True)
    assert len(cut) < len(table) and ledger.read(tmp_path, identity_of(cut)).epsilon == 1.0


@given(st.integers(0, 1_200))
@settings(max_examples=25, deadline=None)
def test_the_share_of_common_rows_is_estimated(start):
    table = load_sample("travel")
    one, two = (identity_of(table.take(rows)) for rows in (np.arange(600), np.arange(start // 2, start // 2 + 600)))
    kept = 600 - start // 2
    assert one.shared(two.rows) == pytest.approx(kept / (1_200 - kept), abs=0.16)


def test_tables_of_few_distinct_rows_are_told_apart_by_all_values(tmp_path):
    rng = np.random.default_rng(1)
    first, second = (table_from_frame(pd.DataFrame(rng.integers(0, 2, (500, 4)), columns=list("abcd"))) for _ in "12")
    ledger.charge(tmp_path, identity_of(first), entry())
    assert not ledger.read(tmp_path, identity_of(second)).entries
    assert ledger.read(tmp_path, identity_of(first)).epsilon == 1.0


# Tasks


def test_a_private_run_is_charged_with_what_it_asked_for(tmp_path, dataset, account):
    folder = draft(tmp_path)
    chosen = {"epsilon": 2.0, "delta": 1e-7, "person": "enquiry_id", "person_rows": 3}
    generate.run({**PRIVATE, "settings": chosen, "dataset": dataset}, folder, SILENT)
    (found,) = account().entries
    assert (found.run, found.what, found.exported) == ("run", "50 rows by DP (MST)", True)
    assert (found.epsilon, found.delta, found.unit, found.unit_rows) == (2.0, 1e-7, "enquiry_id", 3)
    release = results.load_generate(folder).release
    assert (release.epsilon, release.delta, release.unit) == (2.0, 1e-7, "enquiry_id")
    assert sum(s.rho for s in release.spent) <= found.rho * (1 + 1e-9), "never more than was written down"
    assert found.conversion + sum(s.delta for s in release.spent if s.rho) <= found.delta * (1 + 1e-9)


def test_what_is_declared_counts_in_the_account(tmp_path, dataset):
    schema = TableLibrary(tmp_path / "datasets").get(dataset).schema
    plain, known = (
        ledger.entry_of("r", "w", "dp_mst", {"declared": declared}, schema)
        for declared in (None, {"age": {"low": 18, "high": 90}})
    )
    assert plain.epsilon == known.epsilon == 1.0 and plain.rho == pytest.approx(known.rho)


def test_the_entry_is_there_before_anything_is_measured(tmp_path, dataset, account, monkeypatch):
    seen = []

    class Stops:
        def fit(self, *args, **more):
            seen.extend(account().entries)
            raise SynthError("stopped")

    monkeypatch.setattr(generate, "create", lambda *args, **more: Stops())
    with pytest.raises(SynthError, match="stopped"):
        generate.run({**PRIVATE, "dataset": dataset}, draft(tmp_path), SILENT)
    assert len(seen) == 1 and len(account().entries) == 1, "a failed run has spent its budget, too"


def test_over_the_cap_nothing_is_fitted(tmp_path, dataset, account, monkeypatch):
    ledger.set_cap(tmp_path, identity_of(TableLibrary(tmp_path / "datasets").get(dataset)), 0.5)
    monkeypatch.setattr(generate.fidelity, "report", lambda *args, **more: pytest.fail("went on"))
    with pytest.raises(RunError, match=r"would exceed the cap of 0\.5"):
        generate.run({**PRIVATE, "dataset": dataset}, draft(tmp_path), SILENT)
    assert not account().entries


def test_other_generators_cost_nothing(tmp_path, dataset, account):
    spec = {**PRIVATE, "generator": "trees", "settings": {"min_leaf": 40}, "dataset": dataset}
    generate.run(spec, draft(tmp_path), SILENT)
    assert not account().entries and results.load_generate(tmp_path / "runs" / ".run").release is None


def test_private_files_hold_nothing_that_was_read_off_the_rows(tmp_path, dataset):
    folder = draft(tmp_path)
    generate.run({**PRIVATE, "dataset": dataset}, folder, SILENT)
    schema = json.loads((folder / "schema.json").read_text("utf-8"))
    assert all(c["decimals"] is None and not c["examples"] and not c["missing_tokens"] for c in schema["columns"])


def test_deleting_a_run_gives_nothing_back(tmp_path, dataset, account):
    store = Store(tmp_path)
    runs = [
        store.submit("generate", {**PRIVATE, "dataset": dataset}, title="private", dataset=dataset) for _ in range(2)
    ]
    until(lambda: store.get(runs[0].id).state == "succeeded", 60)
    store.cancel(runs[1].id)
    for run in runs:
        ended(store, run, 60)
        store.remove(run.id)
    assert not store.list() and account().epsilon >= 1.0
    assert runs[0].id in {e.run for e in account().entries}


def test_arms_of_a_study_are_noted_and_not_counted(tmp_path, dataset, account, monkeypatch):
    monkeypatch.setattr(lift.lift, "study", lambda *args, **more: pytest.fail("noted"))
    spec = {"dataset": dataset, "arms": ["trees", ["dp_mst", {"epsilon": 3.0}], "dp_mst"], "labels": ["own"], "rows": 9,
            "folds": 2, "repeats": 1, "seed": 7, "holdout": 0.2}  # fmt: skip
    with pytest.raises(pytest.fail.Exception):
        lift.run(spec, draft(tmp_path), SILENT)
    found = account()
    assert sorted(e.epsilon for e in found.inside) == [1.0, 3.0] and not found.charged


# Usefulness against ε


CURVE = {"epsilons": [10.0, 0.01], "repeats": 2, "seed": 3, "holdout": 0.3, "settings": {"delta": 1e-6}}


def test_the_curve_measures_every_epsilon_between_its_baselines(tmp_path, dataset, account):
    folder = draft(tmp_path)
    phases = []

    class Listens:
        def report(self, phase, step, total, **metrics):
            phases.append((phase, step, total))

    dp_curve.run({**CURVE, "dataset": dataset}, folder, Listens())
    found = results.load_dp_curve(folder)
    assert [p.epsilon for p in found.points] == [10.0], "0.01 is too small for this table"
    (refused,) = found.unavailable
    assert refused.name == "ε = 0.01" and "smallest workable" in refused.reason
    assert phases[-1] == ("curves", 8, 8) and [s for p, s, _ in phases if p == "curves"] == [0, 2, 3, 4, 5, 6, 7, 8]
    private, free, alone = found.points[0].utility, found.without_noise, found.independent
    assert all(len(m.values) == 2 for u in (private, free, alone) for m in (u.two_way, u.worst_kl, u.transfer))
    assert free.two_way.mean < private.two_way.mean < 0.5 and free.two_way.high < alone.two_way.low
    assert max(alone.worst_kl.values) == pytest.approx(0, abs=1e-9), "shuffled columns have the real shares"
    assert (found.metric, found.train_rows + found.holdout_rows) == ("AUC", 1_200) and 0.5 < found.real < 1
    (noted,) = account().entries
    assert not noted.exported and noted.epsilon == pytest.approx(20.02)


def test_without_a_target_there_is_no_score(tmp_path):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.integers(0, 3, 2_000), "b": rng.normal(size=2_000)})
    dataset = TableLibrary(tmp_path / "datasets").add(table_from_frame(frame))
    dp_curve.run({**CURVE, "epsilons": [10.0], "repeats": 1, "dataset": dataset}, draft(tmp_path), SILENT)
    found = results.load_dp_curve(tmp_path / "runs" / ".run")
    assert found.metric is found.real is None and not found.points[0].utility.transfer.values
    assert found.points[0].utility.two_way.values and "needs a target" in found.unavailable[0].reason


def test_a_damaged_curve_is_a_sentence(tmp_path):
    (tmp_path / "dp_curve.json").write_text('{"points": 3}', "utf-8")
    with pytest.raises(RunError, match="damaged, or an older"):
        results.load_dp_curve(tmp_path)
