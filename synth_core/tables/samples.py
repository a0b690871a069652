"""Simulated tables with known truth, made from a seed when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from synth_core.errors import TableError
from synth_core.tables.loading import set_target, table_from_frame
from synth_core.tables.table import Table

_START = pd.Timestamp("2024-01-08")  # a Monday


@dataclass(frozen=True)
class Sample:
    """A bundled sample.

    Attributes
    ----------
    name, title, summary, target : str
    rows : int
    best_auc : float
        Area under the ROC curve of the probability each row's outcome was drawn from, on 400,000 rows: no model can
        do better on average.
    """

    name: str
    title: str
    summary: str
    target: str
    rows: int
    best_auc: float
    simulate: Callable[[int, np.random.Generator], tuple[pd.DataFrame, np.ndarray]]


def load_sample(name: str, seed: int = 7) -> Table:
    """Simulate the sample ``name``; the same seed gives the same table.

    Raises
    ------
    TableError
        No such sample.
    """
    if name not in SAMPLES:
        raise TableError(f"There is no sample called “{name}”. The samples are: {', '.join(SAMPLES)}.")
    sample = SAMPLES[name]
    rng = np.random.default_rng([seed, 0])
    frame, chance = sample.simulate(sample.rows, rng)
    frame[sample.target] = _outcome(sample, chance, rng)
    note = f"Simulated from a written rule (seed {seed}), not real data. Best possible AUC: {sample.best_auc:.3f}."
    table = table_from_frame(frame, name=sample.title, notes=[note])
    return set_target(table, sample.target)


def travel_leads(seed: int = 7, weeks: int = 12, per_week: int = 60) -> list[pd.DataFrame]:
    """Later enquiries for the travel sample, one frame per week, in the sample's columns with their outcome.

    They follow the same rule as the sample and arrive after its last day; ids continue.

    Returns
    -------
    list of pandas.DataFrame
        ``weeks`` frames of about ``per_week`` rows with the dtypes of ``load_sample("travel", seed).frame``.
    """
    sample = SAMPLES["travel"]
    table = load_sample("travel", seed)
    frames, first_id = [], len(table)
    for week in range(weeks):
        rng = np.random.default_rng([seed, week + 1])
        rows = max(1, int(rng.poisson(per_week)))
        frame, chance = _travel(rows, rng, first_id=first_id, start=_START + pd.Timedelta(weeks=52 + week), days=7)
        frame[sample.target] = _outcome(sample, chance, rng)
        frames.append(_with_dtypes(frame, table))
        first_id += rows
    return frames


def _with_dtypes(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    out = {}
    for name, dtype in table.frame.dtypes.items():
        values = frame[name]
        if str(dtype) == "datetime64[ns]":
            values = pd.to_datetime(values)
        elif str(dtype) == "Int64":
            values = values.astype("float64")
        elif str(dtype) == "object":
            values = values.astype("object").where(values.notna(), None)
        out[name] = values.astype(dtype)
    return pd.DataFrame(out)


def _outcome(sample: Sample, chance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    happened = rng.random(len(chance)) < chance
    return np.where(happened, "yes", "no") if sample.name == "travel" else happened.astype(int)


def _travel(
    rows: int,
    rng: np.random.Generator,
    *,
    first_id: int = 0,
    start: pd.Timestamp = _START,
    days: int = 364,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Enquiries for luxury trips and each one's chance of a booking."""
    day = np.sort(rng.integers(0, days, rows))
    channel = rng.choice(
        ["Referral", "Search", "Social", "Newsletter", "Partner"], rows, p=[0.18, 0.34, 0.22, 0.16, 0.10]
    )
    destination = rng.choice(
        ["Maldives", "Kyoto", "Amalfi Coast", "Patagonia", "Serengeti", "Santorini"], rows,
        p=[0.24, 0.16, 0.20, 0.09, 0.14, 0.17],
    )  # fmt: skip
    device = rng.choice(["mobile", "desktop", "tablet"], rows, p=[0.52, 0.40, 0.08])
    party = rng.choice(["couple", "family", "solo", "friends"], rows, p=[0.48, 0.27, 0.12, 0.13])
    returning = rng.random(rows) < np.where(np.isin(channel, ["Newsletter", "Referral"]), 0.45, 0.15)
    past_trips = np.where(returning, 1 + rng.poisson(1.2, rows), 0)
    age = np.clip(np.round(rng.normal(np.where(party == "family", 44, 49), 12)), 21, 84)
    income = np.round(np.exp(rng.normal(11.55 + 0.006 * (age - 48), 0.42, rows)), -2)
    travellers = np.select([party == "solo", party == "couple"], [1, 2], 3 + rng.poisson(0.9, rows))
    nights = np.clip(3 + rng.poisson(np.where(np.isin(destination, ["Patagonia", "Serengeti"]), 8, 5), rows), 3, 28)
    lead_days = np.round(rng.gamma(2.2, 45, rows)).astype(int) + 3
    nightly = 280 * np.exp(0.35 * np.log(income / 1e5) + rng.normal(0, 0.35, rows))
    quote = np.round(nightly * nights * np.sqrt(travellers) + rng.uniform(0, 400, rows), 2)
    discount = np.where(rng.random(rows) < 0.6, 0.0, np.round(rng.uniform(2.5, 15, rows), 1))
    pages = 1 + rng.poisson(np.where(device == "desktop", 9, 6), rows)
    emails_opened = rng.poisson(np.where(channel == "Newsletter", 3.2, 1.1), rows)
    minutes = np.round(rng.gamma(1.8, 7, rows), 1)
    response_hours = np.round(rng.exponential(9, rows), 1)
    flexible = rng.random(rows) < 0.4
    burden = np.log(quote / income * 10)
    score = (
        0.75 * np.isin(channel, ["Referral"])
        - 0.45 * (channel == "Social")
        + 0.40 * np.minimum(past_trips, 3)
        + 0.055 * (pages - 7)
        + 0.16 * np.minimum(emails_opened, 5)
        - 0.75 * (burden - 0.2)
        - 0.028 * np.minimum(response_hours, 40)
        + 0.05 * discount * (burden > 0.2)
        + 0.45 * (flexible & (lead_days > 90))
        - 0.6 * ((party == "family") & (lead_days < 30))
        + 0.35 * (destination == "Maldives") * (party == "couple")
        - 0.0009 * (age - 52) ** 2
        + 0.015 * (minutes - 12)
    )
    filled = rng.random((rows, 2))
    frame = pd.DataFrame({
        "enquiry_id": [f"ENQ-{first_id + i + 1:06d}" for i in range(rows)],
        "enquiry_date": (start + pd.to_timedelta(day, unit="D")).strftime("%Y-%m-%d"),
        "channel": channel,
        "destination": destination,
        "device": device,
        "party": party,
        "travellers": travellers,
        "nights": nights,
        "days_until_departure": lead_days,
        "age": pd.Series(age).where(filled[:, 0] > 0.06).astype("Int64"),
        "household_income": pd.Series(income).where(filled[:, 1] > 0.11).astype("Int64"),
        "quote_eur": quote,
        "discount_percent": discount,
        "past_trips": past_trips,
        "pages_viewed": pages,
        "emails_opened": emails_opened,
        "call_minutes": pd.Series(minutes).where(rng.random(rows) > 0.15),
        "response_hours": response_hours,
        "flexible_dates": np.where(flexible, "yes", "no"),
    })  # fmt: skip
    return frame, expit(1.3 * score - 2.56)


def _fraud(rows: int, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Card payments and each one's chance of being fraud."""
    seconds = np.sort(rng.integers(0, 30 * 86_400, rows))
    hour = (seconds // 3600) % 24
    merchant = rng.choice(
        ["grocery", "fuel", "restaurant", "travel", "electronics", "gift cards", "subscriptions"], rows,
        p=[0.30, 0.14, 0.19, 0.07, 0.10, 0.04, 0.16],
    )  # fmt: skip
    entry = rng.choice(["chip", "contactless", "online", "magnetic stripe"], rows, p=[0.30, 0.34, 0.32, 0.04])
    country = rng.choice(["DE", "AT", "FR", "NL", "US", "BR", "SG"], rows, p=[0.70, 0.08, 0.07, 0.06, 0.05, 0.02, 0.02])
    typical = {"grocery": 3.3, "fuel": 3.9, "restaurant": 3.4, "travel": 5.4, "electronics": 4.8, "gift cards": 3.9}
    level = pd.Series(merchant).map(typical).fillna(2.6).to_numpy()
    amount = np.round(np.exp(rng.normal(level, 0.8)), 2)
    distance = np.round(np.where(entry == "online", 0, rng.gamma(0.7, 22, rows) + 600 * (rng.random(rows) < 0.01)), 1)
    recent = rng.poisson(0.5, rows) + rng.poisson(3, rows) * (rng.random(rows) < 0.02)
    card_age = np.round(rng.gamma(2, 500, rows)).astype(int)
    new_device = (rng.random(rows) < 0.07).astype(int)
    declined = rng.binomial(3, 0.02, rows)
    score = (
        0.55 * (np.log(amount + 1) - level)
        + 1.5 * (entry == "magnetic stripe")
        + 0.9 * (entry == "online")
        + 1.4 * (merchant == "gift cards")
        + 0.8 * (merchant == "electronics")
        + 1.6 * np.isin(country, ["BR", "SG"])
        + 0.7 * (country == "US")
        + 1.7 * new_device
        + 0.45 * np.minimum(recent, 6)
        + 1.0 * np.minimum(declined, 2)
        + 0.9 * (hour < 5)
        + 0.8 * (distance > 300)
        + 0.5 * (card_age < 200)
        + 1.2 * ((entry == "online") & (new_device == 1) & (amount > 150))
    )
    frame = pd.DataFrame({
        "payment_id": [f"P{i + 1:08d}" for i in range(rows)],
        "paid_at": (_START + pd.to_timedelta(seconds, unit="s")).strftime("%Y-%m-%d %H:%M:%S"),
        "hour": hour,
        "merchant": merchant,
        "entry_mode": entry,
        "country": country,
        "amount_eur": amount,
        "distance_km": pd.Series(distance).where(rng.random(rows) > 0.04),
        "payments_last_hour": recent,
        "card_age_days": card_age,
        "new_device": new_device,
        "declined_last_day": declined,
    })  # fmt: skip
    return frame, expit(1.2 * score - 8.51)


def best_possible_auc(sample: Sample, rows: int = 400_000, seed: int = 1) -> float:
    """AUC of the true chance, exact over the draw of outcomes: each row counts as positive by its chance."""
    _, chance = sample.simulate(rows, np.random.default_rng(seed))
    order = np.argsort(chance)
    positive, negative = chance[order], 1 - chance[order]
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


SAMPLES: dict[str, Sample] = {
    s.name: s
    for s in (
        Sample(
            "travel",
            "Luxury travel bookings (simulated)",
            "1,200 enquiries to a luxury travel agency and whether each one booked.",
            "booked",
            1_200,
            0.775,
            _travel,
        ),
        Sample(
            "fraud",
            "Card fraud (simulated)",
            "60,000 card payments, about 3 in 1,000 fraudulent.",
            "is_fraud",
            60_000,
            0.88,
            _fraud,
        ),
    )
}
