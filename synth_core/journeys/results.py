"""What is found in journeys: credits, truth and grades."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from synth_core.journeys.world import World
from synth_core.records import build

Row = tuple[float, ...]  #: one number per channel
TruthName = Literal["shapley", "removal", "event"]

#: The truths a credit can be held against, as they are called on screen.
TRUTHS: dict[TruthName, str] = {
    "shapley": "Shapley of the true function",
    "removal": "Removal (what stopping a channel would lose)",
    "event": "True cause of each conversion",
}


@dataclass(frozen=True)
class Credits:
    """What a model gives to each channel.

    Attributes
    ----------
    model, name : str
        Key and name on screen.
    channels : tuple of str
    credit : tuple of float
        Conversions per channel.
    organic : float or None
        Conversions credited to no channel; None for models that know no such thing.
    value : tuple of float or None
        Value per channel; None where the model gives none.
    notes : tuple of str
        What the reader has to know, in plain sentences.
    """

    model: str
    name: str
    channels: tuple[str, ...]
    credit: Row
    organic: float | None = None
    value: Row | None = None
    notes: tuple[str, ...] = ()

    @property
    def share(self) -> Row:
        """Credit of each channel as a share of that of all channels; zeros where nothing was credited."""
        total = sum(self.credit)
        return tuple(c / total if total else 0.0 for c in self.credit)


@dataclass(frozen=True)
class Interval:
    """Bootstrap interval of a model's share of credit, per channel: users resampled, 95 %."""

    low: Row
    high: Row


@dataclass(frozen=True)
class Attributed:
    """Credits of several models on the same journeys; the result of an ``attribute`` run.

    Attributes
    ----------
    credits : tuple of Credits
    intervals : tuple of Interval or None
        Of the shares, one per model.
    paths, touches : int
    conversions, untouched : float
        Of paths with and without a touch.
    resamples, seed : int
    notes : tuple of str
        Of the reading, and of models that could not be used.
    """

    credits: tuple[Credits, ...]
    intervals: tuple[Interval | None, ...]
    paths: int
    touches: int
    conversions: float
    untouched: float
    resamples: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Attributed:
        return build(Attributed, data)


@dataclass(frozen=True)
class Truth:
    """What the channels really did, given who was reached and when; in expected conversions.

    Attributes
    ----------
    channels : tuple of str
    expected : float
        Conversions expected with all channels: v(N).
    organic : float
        Conversions expected without any: v(∅).
    realised : float
        Conversions that happened.
    shapley, shapley_se : tuple of float
        Sum to ``expected − organic``; standard errors are zero where all coalitions were computed.
    removal : tuple of float
        v(N) − v(N without the channel); does not sum up where channels work together.
    event : tuple of float
        Realised conversions caused by a touch on the channel.
    event_organic : float
        Realised conversions that no touch caused.
    marginal, marginal_se : tuple of float or None
        Further conversions per unit of money spent on the channel at today's budget; None where it costs nothing.
    coalitions : int
        Evaluated: all of them, or those along sampled orders.
    exact : bool
    """

    channels: tuple[str, ...]
    expected: float
    organic: float
    realised: float
    shapley: Row
    shapley_se: Row
    removal: Row
    event: Row
    event_organic: float
    marginal: tuple[float | None, ...]
    marginal_se: tuple[float | None, ...]
    coalitions: int
    exact: bool

    def row(self, name: TruthName) -> Row:
        """Conversions per channel by the truth of that name."""
        return getattr(self, name)

    def share(self, name: TruthName) -> Row:
        """The same as shares of the sum over channels."""
        row = self.row(name)
        total = sum(row)
        return tuple(v / total if total else 0.0 for v in row)


@dataclass(frozen=True)
class Sample:
    """One seed of a study: the truth, and what each model made of the journeys.

    Attributes
    ----------
    seed : int
    truth : Truth
    credits : tuple of Credits
    intervals : tuple of Interval or None
    """

    seed: int
    truth: Truth
    credits: tuple[Credits, ...]
    intervals: tuple[Interval | None, ...]


@dataclass(frozen=True)
class Allocation:
    """A budget spread over the paid channels, and what it would bring in the simulated world.

    Attributes
    ----------
    name : str
        Whose credit the budget follows; or ``"Today"``, ``"Best found"``, ``"True Shapley"``.
    spend : tuple of float
        Money per channel; zero for channels that cost nothing.
    conversions : float
        Expected.
    """

    name: str
    spend: Row
    conversions: float


@dataclass(frozen=True)
class Budget:
    """What following each model would cost.

    Attributes
    ----------
    total : float
        Money, the same for all allocations.
    users : int
        The world's number of users, to which conversions are scaled.
    simulated : int
        Users simulated for it.
    most : float
        No channel gets more than this many times its budget of today, or less than today's divided by it.
    today, best, truth : Allocation
        Today's budget, the best one found, and the one that follows the true Shapley credit.
    models : tuple of tuple of Allocation
        Per model, one for each seed, in the order of :attr:`Grades.samples`.
    """

    total: float
    users: int
    simulated: int
    most: float
    today: Allocation
    best: Allocation
    truth: Allocation
    models: tuple[tuple[Allocation, ...], ...]


@dataclass(frozen=True)
class Seen:
    """What the journeys of the first seed look like.

    Attributes
    ----------
    paths : tuple of (path, conversions, nulls)
        The most common sequences of channels, names in order.
    lengths : tuple of (touches, paths, conversions)
    days : tuple of (from, to, conversions)
        Time from the first touch to the conversion.
    mix : tuple of float
        Share of touches per channel.
    mix_converted : tuple of float
        The same in paths that converted.
    users, touches, conversions, untouched : int
        ``untouched`` of the conversions had no touch.
    value : float
    steps : tuple of (first steps, paths)
        All paths by their first three steps, or all steps where there are fewer.
    """

    paths: tuple[tuple[tuple[str, ...], float, float], ...]
    lengths: tuple[tuple[int, float, float], ...]
    days: tuple[tuple[float, float, float], ...]
    mix: Row
    mix_converted: Row
    users: int
    touches: int
    conversions: float
    untouched: float
    value: float
    steps: tuple[tuple[tuple[str, ...], float], ...]


@dataclass(frozen=True)
class Grades:
    """Models graded in one world over several seeds; the result of a ``journeys`` run.

    Attributes
    ----------
    world : World
    users : int
        Per seed.
    samples : tuple of Sample
    budget : Budget or None
        None where no channel is paid for.
    seen : Seen
    resamples : int
        Of the bootstrap.
    notes : tuple of str
        Models that could not be used, and what else the reader has to know.
    """

    world: World
    users: int
    samples: tuple[Sample, ...]
    budget: Budget | None
    seen: Seen
    resamples: int
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Grades:
        return build(Grades, data)


@dataclass(frozen=True)
class Mean:
    """A mean over seeds and its standard error; None where there is one seed only."""

    mean: float
    se: float | None


@dataclass(frozen=True)
class Graded:
    """One line of the league table.

    Attributes
    ----------
    model, name : str
    share_error : Mean
        Mean absolute difference between the shares of credit and of truth over the channels (share MAE), 0 to 1.
    total_variation : Mean
        Half the summed absolute difference of the shares, 0 to 1.
    spearman, kendall : Mean or None
        Of credit and truth over the channels; None where either is constant.
    over_credit : tuple of Mean or None
        Credit ÷ true incremental conversions (removal), per channel; None where the truth is zero.
    signed : tuple of Mean
        Share of credit − share of truth, per channel.
    coverage : float or None
        Share of the bootstrap intervals, over channels and seeds, that hold the true share.
    lost : Mean or None
        Conversions lost per :attr:`Budget.users` when the budget follows the credit instead of the best allocation.
    regret : Mean or None
        The same as a share of what the best allocation brings.
    organic : Mean or None
        Conversions credited to nobody − those truly organic, as a share of all; None for models without such a row.
    """

    model: str
    name: str
    share_error: Mean
    total_variation: Mean
    spearman: Mean | None
    kendall: Mean | None
    over_credit: tuple[Mean | None, ...]
    signed: tuple[Mean, ...]
    coverage: float | None
    lost: Mean | None
    regret: Mean | None
    organic: Mean | None


@dataclass(frozen=True)
class Versus:
    """The leader of the league against another model, seed by seed.

    Attributes
    ----------
    name : str
        The other model.
    difference : Mean
        Share MAE of the other − of the leader.
    within_noise : bool
        Whether a paired t-test over the seeds, Bonferroni-corrected for the number of models, leaves it open (p ≥ 0.05)
        which of the two is better. Always with one seed.
    """

    name: str
    difference: Mean
    within_noise: bool


@dataclass(frozen=True)
class League:
    """All models by share MAE against one truth, best first.

    Attributes
    ----------
    truth : str
        Key of :data:`TRUTHS`.
    models : tuple of Graded
    versus : tuple of Versus
        One for each model but the first.
    told : str
        Which differences are within noise, as a plain paragraph.
    """

    truth: TruthName
    models: tuple[Graded, ...]
    versus: tuple[Versus, ...]
    told: str


@dataclass(frozen=True)
class StressCell:
    """One model in one preset."""

    preset: str
    model: str
    share_error: Mean
    regret: Mean | None


@dataclass(frozen=True)
class Stress:
    """All models in all presets; the result of a ``stress`` run.

    Attributes
    ----------
    presets : tuple of (key, name)
    models : tuple of (key, name)
    cells : tuple of StressCell
    users, seeds, seed : int
    notes : tuple of str
    """

    presets: tuple[tuple[str, str], ...]
    models: tuple[tuple[str, str], ...]
    cells: tuple[StressCell, ...]
    users: int
    seeds: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Stress:
        return build(Stress, data)


@dataclass(frozen=True)
class Moment:
    """One figure that calibration matched: in the client's journeys and in the calibrated world.

    Attributes
    ----------
    name : str
        Such as ``"Touches per user on Search"``.
    client, world : float
    """

    name: str
    client: float
    world: float


@dataclass(frozen=True)
class Calibration:
    """A world that looks like a client's journeys; the result of a ``calibrate`` run.

    Attributes
    ----------
    world : World
    moments : tuple of Moment
    distance : float
        Mean relative difference of the moments, |world − client| / max(|client|, floor).
    rounds : int
    assumed : tuple of str
        What journeys cannot tell (effects, organic share, targeting …) and where the value was taken from.
    seed : int
    """

    world: World
    moments: tuple[Moment, ...]
    distance: float
    rounds: int
    assumed: tuple[str, ...]
    seed: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Calibration:
        return build(Calibration, data)
