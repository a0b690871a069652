"""CTGAN and TVAE: step budgets, progress, the kept state, and no worse than the library's own training."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import torch
from ctgan import CTGAN, TVAE
from ctgan.data_sampler import DataSampler
from ctgan.data_transformer import DataTransformer

from synth_core.errors import Cancelled, GeneratorError
from synth_core.generators import create
from synth_core.generators._conditions import Conditions
from synth_core.generators._neural import _Cells, plan
from synth_core.generators._sdv import seeded
from synth_core.generators.prepare import Preparer
from tests.generators.makers import train_rows

NEURAL = ["ctgan", "tvae"]
both = pytest.mark.parametrize("name", NEURAL)


class Listener:
    """Keeps every report of a phase; asks to stop after ``stop_after`` of them."""

    def __init__(self, phase: str = "fitting", stop_after: int | None = None) -> None:
        self.phase, self.stop_after, self.reports = phase, stop_after, []

    def report(self, phase, step, total, **metrics):
        if phase == self.phase:
            self.reports.append((step, total, metrics))
            if self.stop_after is not None and len(self.reports) > self.stop_after:
                raise Cancelled("Stopped.")


@pytest.fixture(scope="module")
def bookings() -> pd.DataFrame:
    """600 rows in which the label depends on a number and a category, and half of the spends are zero."""
    rng = np.random.default_rng(4)
    x, city = rng.normal(size=600), rng.choice(["Köln", "Paris", "Rome"], 600, p=[0.5, 0.4, 0.1])
    spend = np.where(rng.random(600) < 0.5, 0.0, np.exp(4 + 2 * rng.normal(size=600)).round(2))
    booked = np.where(x + (city == "Rome") + rng.normal(0, 0.5, 600) > 0.8, "yes", "no")
    return pd.DataFrame({"x": x.round(3), "city": city, "spend": spend, "booked": booked})


@pytest.mark.parametrize(("rows", "batch"), [(50, 2), (61, 2), (960, 60), (768, 48), (7_999, 498), (50_000, 500)])
def test_a_budget_is_spent_exactly_in_small_even_batches(rows, batch):
    found = plan(rows, 1_000, 500)
    assert (found.batch_size, found.updates) == (batch, 1_000)
    assert found.epoch(1) == 1
    assert found.epoch(rows // batch + 2) == 2


@both
def test_updates_are_reported_and_noted(name, bookings):
    listener = Listener()
    generator = create(name, steps=60).fit(train_rows(bookings, "booked"), seed=1, progress=listener)
    own = [r for r in listener.reports if r[1] == 60]
    assert [step for step, _, _ in own] == list(range(61))
    last = own[-1][2]
    assert last["updates"] == generator.updates == 60 and last["epoch"] == 4
    assert last["distance"] == generator.distance < 1
    assert all(np.isfinite(v) for v in last.values())
    assert "made 60 updates" in generator.notes[-2] and "rows were closest" in generator.notes[-2]
    assert "hardly any training" in generator.notes[-1]


@both
def test_a_wish_to_stop_is_heard_within_one_update(name, bookings):
    listener = Listener(stop_after=3)
    with pytest.raises(Cancelled):
        create(name, steps=5_000).fit(train_rows(bookings, "booked"), seed=1, progress=listener)
    assert len(listener.reports) == 4


@both
@pytest.mark.parametrize("phase", ["encoding", "sampling"])
def test_a_wish_to_stop_is_heard_between_chunks_of_a_large_table(name, phase, bookings):
    listener = Listener(phase, stop_after=4)
    frame = pd.concat([bookings] * 10, ignore_index=True)
    with pytest.raises(Cancelled):
        generator = create(name, steps=50).fit(train_rows(frame, "booked"), seed=1, progress=listener)
        generator.sample(10_000, seed=1, progress=listener)
    assert len(listener.reports) == 5


@both
def test_the_kept_state_is_the_closest_of_those_compared(name, bookings):
    listener = Listener()
    train = train_rows(bookings, "booked")
    generator = create(name, steps=120).fit(train, seed=1, progress=listener)
    compared = [m["distance"] for _, _, m in listener.reports if "distance" in m]
    assert compared == sorted(compared, reverse=True) and compared[-1] == generator.distance
    encoded = Preparer(50).fit(train.table).encode(train.table, seed=1)
    with seeded(9):
        again = _Cells(encoded.frame, encoded.variables).distance(generator._draw(2_000))
    assert again == pytest.approx(generator.distance, abs=0.03)


@both
def test_a_stored_model_is_not_moved_to_a_gpu(name, bookings, monkeypatch):
    generator = create(name, steps=50).fit(train_rows(bookings, "booked"), seed=1)
    stored = pickle.dumps(generator)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert len(pickle.loads(stored).sample(5, seed=1)) == 5


@both
def test_a_zero_budget_is_refused(name):
    with pytest.raises(GeneratorError, match="trains nothing"):
        type(create(name))(steps=0)


def test_the_distance_sees_margins_and_their_relation_to_the_target(bookings):
    train = train_rows(bookings, "booked")
    encoded = Preparer().fit(train.table).encode(train.table, seed=0)
    cells, frame = _Cells(encoded.frame, encoded.variables), encoded.frame
    assert cells.distance(frame) == 0
    assert cells.distance(frame.sample(frac=1, random_state=0)) == 0
    target = encoded.target.key
    shuffled = frame.assign(**{target: frame[target].sample(frac=1, random_state=0).to_numpy()})
    assert cells.distance(shuffled) > 0.05
    assert cells.distance(frame[frame[target] == 0]) > 0.1


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


def test_conditions_are_drawn_as_the_library_draws_them_in_training(bookings):
    frame = bookings.assign(booked=(bookings["booked"] == "yes").astype(int))
    with seeded(3):
        transformer = DataTransformer()
        transformer.fit(frame, ["city", "booked"])
        data = transformer.transform(frame).astype("float32")
        library = DataSampler(data, transformer.output_info_list, True)
        theirs, _, _, _ = library.sample_condvec(40_000)
        conditions = Conditions(data, transformer.output_info_list)
        ours, mask, rows = conditions.draw(40_000)
        real = conditions.draw_real_frequencies(40_000)
    assert conditions.width == library.dim_cond_vec() == 5
    np.testing.assert_allclose(ours.mean(0), theirs.mean(0), atol=0.02)
    np.testing.assert_allclose(mask.mean(0), [0.5, 0.5], atol=0.02)
    # Every drawn row has the level that it was drawn for.
    levels = np.hstack([data[:, _columns(transformer, c)] for c in ("city", "booked")])
    assert (levels[rows] * ours.numpy()).sum(1).min() == 1
    np.testing.assert_allclose(real.mean(0), levels.mean(0) / 2, atol=0.02)


def _columns(transformer: DataTransformer, name: str) -> slice:
    infos = transformer._column_transform_info_list
    place = [i.column_name for i in infos].index(name)
    start = sum(i.output_dimensions for i in infos[:place])
    return slice(start, start + infos[place].output_dimensions)


@both
def test_no_further_from_the_real_rows_than_the_librarys_own_training(name, bookings):
    """Same networks, batches and number of updates on the same encoded rows."""
    train = train_rows(bookings, "booked")
    generator = create(name, steps=400).fit(train, seed=1)
    encoded = Preparer(50).fit(train.table).encode(train.table, seed=1)
    model, cells = generator._model, _Cells(encoded.frame, encoded.variables)
    common = {"batch_size": plan(len(train), 400, 500).batch_size, "enable_gpu": False}
    epochs = 400 * common["batch_size"] // len(train)
    if name == "ctgan":
        library = CTGAN(
            pac=model.pac, generator_lr=model._generator_lr, discriminator_lr=model._discriminator_lr,
            discriminator_steps=model._discriminator_steps, epochs=epochs, **common,
        )  # fmt: skip
    else:
        library = TVAE(
            compress_dims=model.compress_dims, decompress_dims=model.decompress_dims, loss_factor=model.loss_factor,
            epochs=epochs, **common,
        )  # fmt: skip
    with seeded(1):
        library.fit(encoded.frame, encoded.levels)
        theirs = cells.distance(library.sample(2_000))
        ours = cells.distance(generator._draw(2_000))
    assert ours < min(theirs + 0.01, 0.15)


def test_tvae_trains_as_the_library_does(bookings):
    """One loop against the other: the same losses within their noise, and the same latent code."""
    frame = bookings[["x", "city"]].assign(city=bookings["city"].factorize()[0])
    generator = create("tvae", steps=50)
    model = generator._model_for(plan(600, 50, 500))
    with seeded(2):
        transformer = DataTransformer()
        transformer.fit(frame, ["city"])
        losses = [m["loss"] for m in model.train(transformer, transformer.transform(frame).astype("float32"), 340)]
    library = TVAE(
        batch_size=model.batch_size, epochs=21, enable_gpu=False, loss_factor=model.loss_factor,
        compress_dims=model.compress_dims, decompress_dims=model.decompress_dims,
    )  # fmt: skip
    with seeded(2):
        library.fit(frame, ["city"])
    theirs = library.loss_values["Loss"].astype(float).to_numpy()
    assert np.mean(losses[-80:]) == pytest.approx(theirs[-80:].mean(), abs=3 * theirs[-80:].std() / np.sqrt(40))
    assert model.decoder.sigma.mean().item() == pytest.approx(library.decoder.sigma.mean().item(), abs=0.02)


@both
def test_the_callers_torch_threads_come_back(name, bookings):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        create(name, steps=50).fit(train_rows(bookings, "booked"), seed=1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
