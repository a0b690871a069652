"""New leads, read as the training table's columns, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from synth_core.errors import ScorerError
from synth_core.prospective.frozen import Scorer
from synth_core.prospective.lead_cells import Cells
from synth_core.prospective.lead_files import LeadFile, Source, open_leads
from synth_core.prospective.results import Leads
from synth_core.tables import Schema
from synth_core.tables.loading import unique_names

_NAMED = 8  #: columns named in a sentence


def read_leads(
    data: Source, scorer: Scorer, *, name: str, keep: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[str], tuple[str, ...], tuple[str, ...]]:
    """A file of leads in the scorer's columns and kinds.

    Columns are found by header, without regard to order, case and outer blanks; delimiter, encoding, decimal comma and
    the format of dates are told by the file. The same leads give the same values however they are written.

    Parameters
    ----------
    data : bytes, str, Path or DataFrame
        Content of a CSV, TSV, Excel or Parquet file (also gzipped), its path, or a frame.
    scorer : Scorer
    name : str
        Of the file, for messages.
    keep : sequence of str
        Headers of further columns that are wanted as text, such as ids.

    Returns
    -------
    frame : DataFrame
        The features that the file has, in the scorer's order, then ``keep``.
    notes : list of str
        What was changed, in sentences.
    missing : tuple of str
        Features that the file lacks.
    extra : tuple of str
        Columns that the training table does not have.

    Raises
    ------
    TableError
        The file cannot be read as a table.
    ScorerError
        No feature is among its columns, a column of ``keep`` is not, or a feature holds another kind of values.
    """
    reader = LeadReader(data, scorer, name=name, keep=keep)
    frames = list(reader.frames())
    return pd.concat(frames, ignore_index=True), reader.notes(), reader.missing, reader.extra


def check(scorer: Scorer, frame: pd.DataFrame) -> Leads:
    """Leads as :func:`read_leads` gives them, held against the training rows.

    Raises
    ------
    ScorerError
        A feature holds values of another kind.
    """
    counter = scorer.counter()
    features = scorer.features_of(frame)
    matrix = scorer.encoder.matrix(features)
    counter.add(features, matrix, scorer.score_matrix(matrix, frame.index)["score_reference"].to_numpy())
    return Leads(
        rows=len(frame),
        missing=tuple(f for f in scorer.card.features if f not in frame),
        extra=tuple(str(c) for c in frame.columns if c not in scorer.schema),
        notes=(),
        drift=counter.features(),
        drift_score=counter.of_score(),
    )


@dataclass(frozen=True)
class _Places:
    """Where the wanted columns stand in a file: name → place."""

    features: dict[str, int]
    kept: dict[str, int]
    extra: tuple[str, ...]
    notes: tuple[str, ...]


class LeadReader:
    """Reads a file of leads part by part; :meth:`notes` is complete when all parts have been read.

    Attributes
    ----------
    missing, extra : tuple of str
        As in :func:`read_leads`.
    """

    def __init__(self, source: Source, scorer: Scorer, *, name: str, keep: Sequence[str] = ()) -> None:
        self.file = open_leads(source)
        self.name = name
        self._places = _places(self.file, scorer, name, keep)
        self._cells = {
            f: Cells(scorer.schema[f], scorer.encoder.levels(f), self.file.decimal_comma) for f in self._places.features
        }
        self.missing = tuple(f for f in scorer.card.features if f not in self._places.features)
        self.extra = self._places.extra
        self.rows = 0

    def frames(self) -> Iterator[pd.DataFrame]:
        """Features, then kept columns as text, of some rows after others; index from 0 over all parts."""
        wanted = [*self._places.features.values(), *self._places.kept.values()]
        for part in self.file.parts(wanted):
            index = pd.RangeIndex(self.rows, self.rows + len(part[0]))
            data = {}
            for texts, (feature, cells) in zip(part, self._cells.items(), strict=False):
                data[feature] = cells.read(texts).set_axis(index)
            for texts, header in zip(part[len(self._cells) :], self._places.kept, strict=True):
                data[header] = pd.Series(texts.to_pylist(), index=index, dtype="object")
            self.rows += len(index)
            if len(index):
                yield pd.DataFrame(data, index=index)
        if not self.rows:
            raise ScorerError(f"“{self.name}” has a header but no leads. Export it again with at least one row.")

    def notes(self) -> list[str]:
        """What was changed so far."""
        out = [*self.file.notes, *self._places.notes]
        if self.missing:
            out.append(f"Not in the file, so scored as missing: {_listed(self.missing)}.")
        if self.extra:
            out.append(f"Columns that the training rows do not have are ignored: {_listed(self.extra)}.")
        return out + [note for cells in self._cells.values() for note in cells.notes()]


def _places(file: LeadFile, scorer: Scorer, name: str, keep: Sequence[str]) -> _Places:
    schema, notes = scorer.schema, []
    given = _Headers(file.headers)
    features = {}
    for feature in scorer.card.features:
        if (place := given.find(feature, schema[feature].original)) is not None:
            features[feature] = place
    if not features:
        raise ScorerError(
            f"None of the scorer's columns is in “{name}”: its first row is {_listed(file.headers)}; the scorer needs "
            f"{_listed(scorer.card.features)}. Use the headers of the training table."
        )
    if len(features) < len(scorer.card.features) / 2:
        notes.append(
            f"Only {len(features)} of {len(scorer.card.features)} features are in the file: scores tell little."
        )
    if twice := [f for f in features if given.times(f, schema[f].original) > 1]:
        notes.append(f"Headers that occur twice: the first such column counts ({_listed(twice)}).")
    kept = {}
    for header in keep:
        place = given.find(header)
        if place is None:
            raise ScorerError(
                f"“{name}” has no column “{header}”. Its columns are {_listed(file.headers)}. Choose one of them."
            )
        if place in features.values():
            raise ScorerError(f"“{header}” is one of the scorer's features. Choose a column that only names the lead.")
        kept[header] = place
    target = given.find(scorer.card.target, _original(schema, scorer.card.target))
    if target is not None:
        notes.append(f"The outcome “{scorer.card.target}” is in the file: scoring does not look at it.")
    known = {*features.values(), *kept.values(), target}
    names, _ = unique_names(file.headers)
    extra = tuple(n for i, n in enumerate(names) if i not in known and not given.is_of(i, schema))
    return _Places(features, kept, extra, tuple(notes))


class _Headers:
    """Finds columns by header: exactly, else without regard to case and blanks."""

    def __init__(self, headers: list[str]) -> None:
        self._headers = headers
        self._keys = [_key(h) for h in headers]

    def find(self, *names: str) -> int | None:
        for name in names:
            if name in self._headers:
                return self._headers.index(name)
        return next((self._keys.index(_key(n)) for n in names if n.strip() and _key(n) in self._keys), None)

    def times(self, *names: str) -> int:
        return sum(k in {_key(n) for n in names} for k in self._keys)

    def is_of(self, place: int, schema: Schema) -> bool:
        return any(self._keys[place] in (_key(c.name), _key(c.original)) for c in schema)


def _original(schema: Schema, name: str) -> str:
    return schema[name].original if name in schema else name


def _key(header: str) -> str:
    return " ".join(header.split()).casefold()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if names[_NAMED:] else "")
