"""Scoring files of a million leads and more in bounded memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc

from synth_core.errors import ScorerError
from synth_core.progress import SILENT, Progress
from synth_core.prospective.frozen import MODELS, Scorer
from synth_core.prospective.lead_files import Source
from synth_core.prospective.leads import LeadReader
from synth_core.prospective.results import Leads
from synth_core.tables.export import neutralise

_STEP = 1_000_000  #: rows by which a progress bar of unknown length grows


def score_file(
    source_path: Source,
    scorer: Scorer,
    target_path: str | Path,
    *,
    id_column: str,
    name: str | None = None,
    progress: Progress = SILENT,
) -> Leads:
    """Score every lead of a file by both models; the result is a CSV file in the file's order of rows.

    Its columns are ``id_column``, ``score_reference``, ``score_arm``, then decile (1 = the highest scores) and rank by
    each. Rows are read, scored and written part by part; what stays in memory is about 100 bytes per lead. The ids lie
    in a temporary file beside the result meanwhile.

    Parameters
    ----------
    source_path : str, Path, bytes or DataFrame
        As :func:`synth_core.prospective.leads.read_leads` takes it, of any size.
    target_path : str or Path
        Written whole or not at all.
    id_column : str
        Header of the leads' ids.
    name : str, optional
        Of the file, for messages; that of ``source_path`` if left out.

    Raises
    ------
    TableError, ScorerError
        As :func:`synth_core.prospective.leads.read_leads`; or there are leads without an id.
    Cancelled
        ``progress`` asked to stop.
    """
    target = Path(target_path)
    if name is None:
        name = Path(source_path).name if isinstance(source_path, str | Path) else "the file"
    progress.report("reading", 0, 1)
    reader = LeadReader(source_path, scorer, name=name, keep=[id_column])
    progress.report("reading", 1, 1)
    counter = scorer.counter()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        ids_path = Path(folder) / "ids.arrow"
        found: list[pd.DataFrame] = []
        hashes: list[np.ndarray] = []
        with pa.OSFile(str(ids_path), "wb") as file, pa.ipc.new_file(file, pa.schema([("id", pa.string())])) as ids:
            for frame in reader.frames():
                hashes.append(_checked_ids(frame, id_column, name))
                ids.write_batch(pa.record_batch({"id": pa.array(frame[id_column], pa.string())}))
                features = scorer.features_of(frame)
                matrix = scorer.encoder.matrix(features)
                scores = scorer.score_matrix(matrix, frame.index)
                counter.add(features, matrix, scores["score_reference"].to_numpy())
                found.append(scores)
                progress.report("scoring", reader.rows % _STEP, _STEP, rows=reader.rows)
        repeats = _repeats(hashes)
        result = ranked(_joined(found))
        draft = Path(folder) / "scores.csv"
        progress.report("writing", 0, 1)
        _write(ids_path, result, draft, id_column)
        draft.replace(target)
        progress.report("writing", 1, 1)
    notes = [*reader.notes(), *repeats]
    return Leads(
        rows=reader.rows,
        missing=reader.missing,
        extra=reader.extra,
        notes=tuple(notes),
        drift=counter.features(),
        drift_score=counter.of_score(),
    )


def ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """``scores`` with ``decile_…`` and ``rank_…`` by each model: rank 1 and decile 1 are the highest scores.

    Of equal scores the earlier row goes first.
    """
    out = scores.copy(deep=False)
    for model in MODELS:
        order = np.argsort(-scores[f"score_{model}"].to_numpy(), kind="stable")
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(1, len(order) + 1, dtype=np.int32)
        out[f"decile_{model}"] = ((rank.astype(np.int64) - 1) * 10 // max(len(rank), 1) + 1).astype(np.int8)
        out[f"rank_{model}"] = rank
    return out


def _checked_ids(frame: pd.DataFrame, column: str, name: str) -> np.ndarray:
    blank = (frame[column].str.strip() == "").to_numpy()
    if blank.any():
        raise ScorerError(
            f"“{column}” is blank in lead {int(frame.index[int(blank.argmax())]) + 1:,} of “{name}”: without an id its "
            "score could not be matched. Fill in the id, or leave such rows out."
        )
    return pd.util.hash_array(frame[column].to_numpy(), categorize=False)


def _repeats(hashes: list[np.ndarray]) -> list[str]:
    """A note on ids that stand in more than one row; empties ``hashes``, as what is joined is large."""
    ids = np.concatenate(hashes)
    hashes.clear()
    ids.sort()
    again = int((ids[1:] == ids[:-1]).sum())
    if not again:
        return []
    return [f"{again:,} row{' has an id' if again == 1 else 's have ids'} that stood in the file before."]


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame of all parts, which are given up one model after another."""
    out = {}
    for model in MODELS:
        out[f"score_{model}"] = np.concatenate([part.pop(f"score_{model}").to_numpy() for part in parts])
    return pd.DataFrame(out, copy=False)


def _neutral(ids: pa.Array) -> pa.Array:
    """Ids without live spreadsheet formulas; most files have none that could be one."""
    if not pc.any(pc.match_substring_regex(ids, r"^[^0-9A-Za-z]|\r")).as_py():
        return ids
    return pa.array(neutralise(ids.to_pandas()), pa.string())


def _write(ids_path: Path, result: pd.DataFrame, target: Path, id_column: str) -> None:
    """The CSV file, part by part as the ids were stored."""
    header = neutralise(pd.Series([id_column])).iloc[0]
    with pa.memory_map(str(ids_path)) as file, target.open("wb") as out:
        ids, first = pa.ipc.open_file(file), 0
        writer = None
        for batch in (ids.get_batch(i) for i in range(ids.num_record_batches)):
            part = result.iloc[first : first + len(batch)]
            first += len(batch)
            safe = _neutral(batch.column("id"))
            table = pa.table({header: safe, **{c: part[c].to_numpy() for c in part}})
            writer = writer or pyarrow.csv.CSVWriter(out, table.schema)
            writer.write_table(table)
        if writer:
            writer.close()
