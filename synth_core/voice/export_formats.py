"""Examples in the formats that fine-tuning services and libraries read.

OpenAI chat and preference JSON Lines: developers.openai.com/api/docs/guides (supervised fine-tuning, direct preference
optimization). Alpaca and ShareGPT: as LLaMA-Factory reads them (data/README.md), with its ``dataset_info.json``.
Preference pairs in columns ``prompt``, ``chosen``, ``rejected``: as TRL reads them. Parquet: as the Hugging Face Hub
reads a folder whose card names the files.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from synth_core.voice.export_pairs import Pair
from synth_core.voice.export_rows import Row

#: Key and name of each format, in the order in which they are offered.
FORMATS: dict[str, str] = {
    "openai": "OpenAI chat (JSON Lines)",
    "alpaca": "Alpaca (JSON)",
    "sharegpt": "ShareGPT (JSON)",
    "parquet": "Parquet with a dataset card",
    "preferences": "Preference pairs (JSON Lines)",
}


@dataclass(frozen=True)
class Part:
    """One side of the split.

    Attributes
    ----------
    name : {"train", "validation"}
    rows : tuple of Row
    families : tuple of int
    pairs : tuple of Pair
    """

    name: str
    rows: tuple[Row, ...]
    families: tuple[int, ...]
    pairs: tuple[Pair, ...]


def system_turn(brand: str) -> str:
    """The system turn of every example."""
    return f"You write copy in the voice of {brand}. Answer with one line and nothing else."


def files(parts: Sequence[Part], formats: Iterable[str], brand: str, card: str) -> dict[str, bytes]:
    """Content of every file by its path; parts and formats without an example make none.

    Parameters
    ----------
    parts : sequence of Part
    formats : iterable of str
        Keys of :data:`FORMATS`.
    brand : str
    card : str
        Text of the dataset card, below its header.
    """
    system = system_turn(brand)
    writers: Mapping[str, Callable[[Part, str], dict[str, bytes]]] = {
        "openai": _openai,
        "alpaca": _alpaca,
        "sharegpt": _sharegpt,
        "parquet": _parquet,
        "preferences": _preferences,
    }
    formats = [key for key in FORMATS if key in set(formats)]
    found: dict[str, bytes] = {}
    for key in formats:
        for part in parts:
            if part.rows:
                found |= writers[key](part, system)
    if "parquet" in formats:
        found["parquet/README.md"] = (_header(parts) + card).encode()
    if info := _dataset_info(found):
        found["dataset_info.json"] = _json(info)
    return found


def _openai(part: Part, system: str) -> dict[str, bytes]:
    lines = [
        {"messages": [*_asked(row.brief, system), {"role": "assistant", "content": row.text}]} for row in part.rows
    ]
    return {f"openai/{part.name}.jsonl": _jsonl(lines)}


def _alpaca(part: Part, system: str) -> dict[str, bytes]:
    items = [{"instruction": row.brief, "input": "", "output": row.text, "system": system} for row in part.rows]
    return {f"alpaca/{part.name}.json": _json(items)}


def _sharegpt(part: Part, system: str) -> dict[str, bytes]:
    items = [
        {
            "conversations": [{"from": "human", "value": row.brief}, {"from": "gpt", "value": row.text}],
            "system": system,
        }
        for row in part.rows
    ]
    return {f"sharegpt/{part.name}.json": _json(items)}


def _parquet(part: Part, system: str) -> dict[str, bytes]:
    rows = part.rows
    table = pa.table(
        {
            "id": pa.array([row.id for row in rows], pa.string()),
            "system": pa.array([system] * len(rows), pa.string()),
            "prompt": pa.array([row.brief for row in rows], pa.string()),
            "completion": pa.array([row.text for row in rows], pa.string()),
            "kind": pa.array([row.kind for row in rows], pa.string()),
            "edited": pa.array([row.edited for row in rows], pa.bool_()),
            "reviewed": pa.array([row.reviewed for row in rows], pa.bool_()),
            "voice_percentile": pa.array([row.percentile for row in rows], pa.float64()),
            "parents": pa.array([list(row.parents) for row in rows], pa.list_(pa.string())),
            "family": pa.array(part.families, pa.int32()),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return {f"parquet/data/{part.name}-00000-of-00001.parquet": out.getvalue()}


def _preferences(part: Part, system: str) -> dict[str, bytes]:
    if not part.pairs:
        return {}
    openai = [
        {
            "input": {"messages": _asked(pair.brief, system), "tools": [], "parallel_tool_calls": True},
            "preferred_output": [{"role": "assistant", "content": pair.chosen}],
            "non_preferred_output": [{"role": "assistant", "content": pair.rejected}],
        }
        for pair in part.pairs
    ]
    plain = [{"prompt": pair.brief, "chosen": pair.chosen, "rejected": pair.rejected} for pair in part.pairs]
    return {
        f"preferences/openai_{part.name}.jsonl": _jsonl(openai),
        f"preferences/pairs_{part.name}.jsonl": _jsonl(plain),
    }


def _asked(brief: str, system: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": brief}]


def _dataset_info(paths: Iterable[str]) -> dict[str, dict]:
    """How LLaMA-Factory is to read the Alpaca and ShareGPT files."""
    info: dict[str, dict] = {}
    for path in paths:
        folder, _, file = path.partition("/")
        if folder == "alpaca":
            columns = {"prompt": "instruction", "query": "input", "response": "output", "system": "system"}
            info[f"alpaca_{file.removesuffix('.json')}"] = {"file_name": path, "columns": columns}
        elif folder == "sharegpt":
            columns = {"messages": "conversations", "system": "system"}
            entry = {"file_name": path, "formatting": "sharegpt", "columns": columns}
            info[f"sharegpt_{file.removesuffix('.json')}"] = entry
    return info


def _header(parts: Sequence[Part]) -> str:
    """The card's YAML header: which file is which part."""
    lines = ["---", "task_categories:", "- text-generation", "configs:", "- config_name: default", "  data_files:"]
    for part in parts:
        if part.rows:
            lines += [f"  - split: {part.name}", f"    path: data/{part.name}-*"]
    return "\n".join([*lines, "---", "", ""])


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _jsonl(items: Iterable[object]) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()
