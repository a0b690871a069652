"""CTGAN and TVAE: budgets, progress, the kept state, the early stop, what is stored, no worse than the library."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
import torch
from ctgan import CTGAN, TVAE
from ctgan.data_transformer import SpanInfo
from ctgan.synthesizers.tvae import _loss_function

from synth_core.errors import Cancelled, GeneratorError
from synth_core.generators import _loop, budget, create, saving
from synth_core.generators._conditions import TrainingConditions
from synth_core.generators._distance import Distance, Partition
from synth_core.generators._layout import Layout, Modes
from synth_core.generators._neural import running
from synth_core.generators._raking import Raking
from synth_core.generators.budget import estimate, level_cap, plan
from synth_core.generators.prepare import Encoded, Preparer, Variable
from synth_core.generators.training import Training
from tests.generators.makers import train_rows

NEURAL = ["ctgan", "tvae"]
both = pytest.mark.parametrize("name", NEURAL)
CPU = torch.device("cpu")


class Listener:
    """Keeps every report of a phase; asks to stop after ``stop_after`` of them."""

    def __init__(self, phase: str = "fitting", stop_after: int | None = None) -> None:
        self.phase, self.stop_after, self.reports = phase, stop_after, []

    def report(self, phase, step, total, **metrics):
        if phase == self.phase:
            self.reports.append((step, total, metrics))
            if self.stop_after is not None and len(self.reports) > self.stop_after:
                raise Cancelled("Stopped.")


def booking_rows(rows: int) -> pd.DataFrame:
    """Rows in which the label depends on a number and a category, and half of the spends are zero."""
    rng = np.random.default_rng(4)
    x, city = rng.normal(size=rows), rng.choice(["Köln", "Paris", "Rome"], rows, p=[0.5, 0.4, 0.1])
    spend = np.where(rng.random(rows) < 0.5, 0.0, np.exp(4 + 2 * rng.normal(size=rows)).round(2))
    booked = np.where(x + (city == "Rome") + rng.normal(0, 0.5, rows) > 0.8, "yes", "no")
    return pd.DataFrame({"x": x.round(3), "city": city, "spend": spend, "booked": booked})


@pytest.fixture(scope="module")
def bookings() -> pd.DataFrame:
    return booking_rows(600)


@pytest.fixture(scope="module")
def encoded(bookings) -> Encoded:
    train = train_rows(bookings, "booked")
    return Preparer().fit(train.table).encode(train.table, seed=0)


@both
def test_presets_grow_with_the_table_and_batches_stay_small(name):
    small, middle, large = (plan(name, rows) for rows in (60, 960, 10_000))
    assert small.batch_size <= middle.batch_size < large.batch_size
    assert small.batch_size <= 60 / 4 and middle.batch_size <= 960 / 8
    assert (middle.epoch(1), middle.epoch(960 // middle.batch_size + 2)) == (1, 2)
    assert plan(name, 960, 77).updates == 77 and plan(name, 960, 77).usual == middle.updates


@both
def test_updates_are_reported_and_noted(name, bookings):
    listener = Listener()
    generator = create(name, steps=60).fit(train_rows(bookings, "booked"), seed=1, progress=listener)
    own = [r for r in listener.reports if r[1] == 60]
    assert [step for step, _, _ in own] == list(range(61))
    last = own[-1][2]
    found = generator.training
    assert last["updates"] == found.made == 60 and last["distance"] == found.distances[-1] < 1
    assert all(np.isfinite(v) for v in last.values() if not isinstance(v, str))
    notes = " ".join(generator.notes)
    assert "made 60 updates" in notes and f"after update {found.kept} was kept" in notes
    assert "With 600 rows none were held out" in notes and "hardly any training" in notes


@both
def test_the_live_curve_is_small_and_is_the_one_that_is_kept(name, bookings):
    listener = Listener()
    generator = create(name, steps=300).fit(train_rows(bookings, "booked"), seed=1, progress=listener)
    curves = [m["curve"] for _, _, m in listener.reports if "curve" in m]
    assert max(map(len, curves)) < 2_500
    assert Training.from_dict(json.loads(curves[-1])).to_dict() == generator.training.to_dict()
    assert {len(v) for v in generator.training.losses.values()} == {len(generator.training.updates)}


@both
def test_a_wish_to_stop_is_heard_within_one_update(name, bookings):
    listener = Listener(stop_after=3)
    with pytest.raises(Cancelled):
        create(name, steps=5_000).fit(train_rows(bookings, "booked"), seed=1, progress=listener)
    assert len(listener.reports) == 4


@both
@pytest.mark.parametrize("phase", ["encoding", "sampling"])
def test_a_wish_to_stop_is_heard_between_columns_and_between_chunks(name, phase, bookings):
    listener = Listener(phase, stop_after=2)
    with pytest.raises(Cancelled):
        generator = create(name, steps=50).fit(train_rows(bookings, "booked"), seed=1, progress=listener)
        generator.sample(10_000, seed=1, progress=listener)
    assert len(listener.reports) == 3


@both
def test_the_kept_state_is_the_closest_of_the_second_half(name, bookings, encoded):
    generator = create(name, steps=120).fit(train_rows(bookings, "booked"), seed=1)
    found = generator.training
    late = {u: d for u, d in zip(found.updates, found.distances, strict=True) if u >= 60}
    assert late[found.kept] == min(late.values())
    with running(9, CPU):
        again = Distance(Partition.of(encoded), encoded.frame, np.random.default_rng(0))(generator._made(2_000))
    assert again == pytest.approx(late[found.kept], abs=0.03)


@both
def test_from_a_thousand_rows_on_a_tenth_is_held_out_of_training(name, monkeypatch):
    seen = []
    model = type(create(name)._model_for(Layout((Variable("v0", "a", 2),), {}, CPU), 2))
    original = model.train
    monkeypatch.setattr(model, "train", lambda self, rows, n: seen.append(len(rows.hot)) or original(self, rows, n))
    generator = create(name, steps=50).fit(train_rows(booking_rows(1_200), "booked"), seed=1)
    assert seen == [1_080] and generator.training.held_out == 120
    assert 0 < generator.training.reference < 0.2
    assert "closest to 120 real rows held out of training" in " ".join(generator.notes)
    assert "none were held out" not in " ".join(generator.notes)


@both
def test_training_stops_when_nothing_improves_and_says_so(name, bookings, monkeypatch):
    distances = iter([*np.linspace(0.9, 0.5, 15), *[0.6] * 100])
    monkeypatch.setattr(Distance, "__call__", lambda self, rows: next(distances))
    monkeypatch.setattr(_loop, "_NOT_BEFORE", 0)
    generator = create(name, steps=200).fit(train_rows(bookings, "booked"), seed=1)
    found = generator.training
    # 40 checks, 5 updates apart; the middle of the budget is the 20th, and the best of the second half its first.
    assert (found.kept, found.made) == (100, 100 + 5 * _loop.PATIENCE) and found.stopped_early
    batch = plan(name, 600).batch_size
    assert f"stopped at update 140 of 200 (epoch {139 * batch // 600 + 1}): no improvement for 8 checks." in " ".join(
        generator.notes
    )


@both
def test_a_gpu_is_used_only_when_asked_for(name, monkeypatch):
    assert create(name, device="auto")._where() == CPU or torch.cuda.is_available()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert create(name)._where() == CPU
    assert create(name, device="auto")._where().type == "cuda"
    with pytest.raises(GeneratorError, match="choose cpu or auto"):
        create(name, device="tpu")


@both
def test_a_zero_budget_is_refused(name):
    with pytest.raises(GeneratorError, match="trains nothing"):
        type(create(name))(steps=0)


def test_the_distance_sees_margins_their_relation_to_the_target_and_to_each_other(encoded):
    frame = encoded.frame
    distance = Distance(Partition.of(encoded), frame, np.random.default_rng(0))
    assert distance(frame) == 0
    assert distance(frame.sample(frac=1, random_state=0)) == 0
    target = encoded.target.key
    shuffled = frame.assign(**{target: frame[target].sample(frac=1, random_state=0).to_numpy()})
    assert distance(shuffled) > 0.05
    assert distance(frame[frame[target] == 0]) > 0.1
    bare = Encoded(frame, tuple(Variable(v.key, v.source, v.levels) for v in encoded.variables))
    assert Distance(Partition.of(bare), frame, np.random.default_rng(0))(shuffled) > 0.02


def test_raking_brings_margins_back_within_each_class(encoded):
    frame, target = encoded.frame, encoded.target.key
    rng = np.random.default_rng(0)
    # Positives four times too rare, small x too frequent.
    weight = np.where(frame[target] == 1, 0.25, 1.0) * np.where(frame["v0"] < 0, 2.0, 1.0)
    made = frame.sample(8_000, replace=True, weights=weight, random_state=1, ignore_index=True)
    raking = Raking.of(Partition.of(encoded), frame, made)
    kept = made[raking.keep(made, rng)]
    assert 0.1 < len(kept) / len(made) < 1
    assert kept[target].mean() == pytest.approx(frame[target].mean(), abs=0.03)
    for value in (0, 1):
        real, raked = frame.loc[frame[target] == value, "v0"], kept.loc[kept[target] == value, "v0"]
        assert raked.mean() == pytest.approx(real.mean(), abs=0.08)


def test_raking_never_moves_rows_away_where_no_weights_fit(encoded):
    """All rows made are alike but for the label: nothing can be repaired, and nothing may be made worse."""
    frame, target = encoded.frame, encoded.target.key
    made = frame.iloc[np.zeros(4_000, dtype=int)].reset_index(drop=True)
    made[target] = (np.arange(4_000) % 3 == 0).astype("int64")
    partition = Partition.of(encoded)
    kept = made[Raking.of(partition, frame, made).keep(made, np.random.default_rng(0))]
    distance = Distance(partition, frame, np.random.default_rng(0))
    assert len(kept) > 400 and distance(kept) < distance(made) + 0.01


@both
def test_spikes_scales_and_rare_levels_survive(name, bookings):
    """Half of the spends are zero; a rate is a millionth, a budget is in the billions."""
    rng = np.random.default_rng(0)
    frame = bookings.assign(rate=rng.lognormal(-14, 1, 600), budget=rng.lognormal(23, 1, 600).round())
    made = create(name, steps=600).fit(train_rows(frame, "booked"), seed=1).sample(2_000, seed=2)
    assert (made["spend"] == 0).mean() == pytest.approx((frame["spend"] == 0).mean(), abs=0.1)
    for column in ("rate", "budget"):
        real, synthetic = np.log(frame[column]), np.log(made[column])
        assert synthetic.mean() == pytest.approx(real.mean(), abs=0.3)
        assert synthetic.std() == pytest.approx(real.std(), rel=0.35)
    assert (made["city"] == "Rome").mean() == pytest.approx((frame["city"] == "Rome").mean(), abs=0.05)


@both
def test_a_class_that_no_row_has_is_named(name, bookings):
    frame = bookings.assign(booked=["maybe", *bookings["booked"][1:]])
    generator = create(name, steps=50).fit(train_rows(frame, "booked"), seed=1)
    made = generator.sample(20, seed=1)
    assert "maybe" not in set(made["booked"])
    assert sum("No row of “booked” = maybe is among the 20 rows made" in note for note in generator.notes) == 1
    generator.sample(30, seed=1)
    assert sum("No row of “booked”" in note for note in generator.notes) == 1


def small_layout() -> tuple[Layout, pd.DataFrame]:
    rng = np.random.default_rng(0)
    scores = pd.DataFrame({"v0": np.where(rng.random(900) < 0.3, -1.5, rng.normal(size=900))})
    scores["v1"] = rng.choice(3, 900, p=[0.6, 0.3, 0.1])
    scores["v2"] = rng.choice(2, 900)
    variables = (Variable("v0", "x", None), Variable("v1", "city", 3), Variable("v2", "booked", 2))
    return Layout(variables, {"v0": Modes.of(scores["v0"].to_numpy(), rng)}, CPU), scores


def test_rows_survive_the_way_to_the_network_and_back():
    layout, scores = small_layout()
    coded = layout.encode(scores, np.random.default_rng(1))
    wide = layout.widen(torch.from_numpy(coded.places), torch.from_numpy(coded.hot))
    assert wide.shape == (900, layout.width)
    assert (layout.logits(wide).sum(dim=1) == 3).all()
    raw = torch.cat([layout.places(wide).atanh(), torch.where(layout.logits(wide) > 0, 100.0, -100.0)], dim=1)
    back = layout.draw(raw)
    assert (back["v1"] == scores["v1"]).all() and (back["v2"] == scores["v2"]).all()
    assert (back["v0"] - scores["v0"]).abs().quantile(0.99) < 1e-4


def test_groups_are_softmaxed_each_on_its_own_and_drawn_by_probability():
    layout, _ = small_layout()
    torch.manual_seed(0)
    raw = torch.randn(50, layout.width) * 30
    logs, start = layout.log_softmax(layout.logits(raw)), 0
    for size in layout.sizes:
        expected = layout.logits(raw)[:, start : start + size].log_softmax(dim=1)
        torch.testing.assert_close(logs[:, start : start + size], expected, atol=1e-4, rtol=1e-4)
        start += size
    active = layout.logits(layout.activate(raw, 0.2))
    torch.testing.assert_close(active.sum(dim=1), torch.full((50,), 3.0))
    same = torch.zeros(20_000, layout.width)
    same[:, -5:] = torch.log(torch.tensor([0.7, 0.2, 0.1, 0.25, 0.75]))
    drawn = layout.draw(same)
    np.testing.assert_allclose(drawn["v1"].value_counts(normalize=True).sort_index(), [0.7, 0.2, 0.1], atol=0.02)
    assert drawn["v2"].mean() == pytest.approx(0.75, abs=0.02)


def test_conditions_balance_columns_and_levels_and_come_with_rows_that_meet_them():
    layout, scores = small_layout()
    coded = layout.encode(scores, np.random.default_rng(1))
    conditions = TrainingConditions(layout, coded.hot)
    torch.manual_seed(3)
    condition, group, output, rows = conditions.draw(40_000)
    real = conditions.draw_real_frequencies(40_000)
    counts = [scores[k].value_counts().sort_index().to_numpy() for k in ("v1", "v2")]
    logs = [np.log(c + 1) / np.log(c + 1).sum() / 2 for c in counts]
    np.testing.assert_allclose(condition.mean(dim=0), np.concatenate(logs), atol=0.01)
    np.testing.assert_allclose(real.mean(dim=0), np.concatenate([c / 1_800 for c in counts]), atol=0.01)
    assert (coded.hot[rows, group] == output.numpy()).all(), "every drawn row has the level that it was drawn for"


def test_tvaes_loss_is_the_papers():
    layout, scores = small_layout()
    coded = layout.encode(scores, np.random.default_rng(1))
    places, hot = torch.from_numpy(coded.places), torch.from_numpy(coded.hot)
    model = create("tvae")._model_for(layout, 10)
    codes = torch.randn(900, 128)
    ours = model._rebuilt(codes, places, hot).mean()
    spans = [[SpanInfo(1, "tanh")], *([SpanInfo(size, "softmax")] for size in layout.sizes)]
    sigmas = torch.cat([model.network.sigma, torch.zeros(layout.width - 1)])
    zero = torch.zeros(900, 128)
    theirs, _ = _loss_function(model.network(codes), layout.widen(places, hot), sigmas, zero, zero, spans, 1)
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
@both
def test_no_further_from_the_real_rows_than_the_librarys_training(name, bookings, encoded):
    """Same rows, batches and number of updates."""
    generator = create(name, steps=400).fit(train_rows(bookings, "booked"), seed=1)
    batch = plan(name, 600).batch_size
    common = {"batch_size": batch, "epochs": 400 * batch // 600, "enable_gpu": False}
    library = CTGAN(pac=1, generator_lr=5e-4, discriminator_lr=5e-4, **common) if name == "ctgan" else TVAE(**common)
    distance = Distance(Partition.of(encoded), encoded.frame, np.random.default_rng(0))
    with running(1, CPU):
        library.fit(encoded.frame, encoded.levels)
        theirs = distance(library.sample(2_000))
        ours = distance(generator._sample(2_000, seed=1, progress=Listener()))
    assert ours < min(theirs, 0.12)


@both
def test_what_is_stored_makes_the_same_rows_and_holds_no_row(name):
    generator = create(name, steps=50).fit(train_rows(booking_rows(1_300), "booked"), seed=1)
    stored = io.BytesIO()
    saving.save(generator, stored, table="bookings", seed=1)
    again = saving.load(stored)
    pd.testing.assert_frame_equal(again.sample(700, seed=3), generator.sample(700, seed=3))
    state = generator._state()
    # Nothing has an entry per training row (1,170 learned, 130 held out).
    assert not any(1_100 < size < 1_400 for a in _arrays(state) for size in a.shape)
    assert all(len(q["values"]) <= 400 for q in state["quantiles"].values())


def _arrays(state):
    if isinstance(state, np.ndarray):
        yield state
    elif isinstance(state, dict | list | tuple):
        for value in state.values() if isinstance(state, dict) else state:
            yield from _arrays(value)


@both
def test_width_time_and_memory_are_told_before_the_start(name, bookings):
    table = train_rows(bookings, "booked").table
    found = estimate(name, table, 500)
    assert found.plan.updates == 500 and 10 < found.width < 40 and 0.2 < found.gigabytes < 1
    assert str(found).startswith(f"About {found.width} columns wide") and "at most 500 updates" in str(found)
    longer = estimate(name, table, 5_000)
    assert longer.seconds > 3 * found.seconds
    assert estimate(name, table, 500, rows=1_000_000).gigabytes > found.gigabytes


@both
def test_a_wide_table_is_narrowed_and_a_hopeless_one_refused(name, bookings, monkeypatch):
    rng = np.random.default_rng(0)
    wide = pd.DataFrame({f"c{i}": rng.integers(0, 60, 600).astype(str) + "x" for i in range(60)})
    table = train_rows(wide.assign(booked=bookings["booked"]), "booked").table
    cap = level_cap(table)
    assert 8 <= cap < 50 and 60 * cap <= budget.WIDEST
    assert estimate(name, table).width <= budget.WIDEST
    monkeypatch.setattr(budget, "WIDEST", 100)
    with pytest.raises(GeneratorError, match=r"is the most it can learn from. Set columns aside"):
        create(name, steps=50).fit(train_rows(wide.assign(booked=bookings["booked"]), "booked"), seed=1)


@both
def test_too_little_memory_is_said_before_the_start(name, bookings, monkeypatch):
    monkeypatch.setattr(budget, "free_gigabytes", lambda: 0.1)
    with pytest.raises(GeneratorError, match=r"GB of memory for 600 rows .* 0.1 GB are free. Use fewer rows"):
        create(name).fit(train_rows(bookings, "booked"), seed=1)


@both
def test_the_callers_torch_threads_come_back(name, bookings):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        create(name, steps=50).fit(train_rows(bookings, "booked"), seed=1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
