"""What stands behind a fine-tuning set: all that somebody needs who has to answer for it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from synth_core.voice.export_rows import Row
from synth_core.voice.export_split import Split
from synth_core.voice.records import Batch, Profile
from synth_core.voice.review import Tally

VERSION = 1
_LEAST_OPENAI = 10  #: examples that OpenAI's fine-tuning asks for at least


def manifest(
    batch: Batch,
    rows: Sequence[Row],
    split: Split,
    tally: Tally,
    files: Mapping[str, bytes],
    *,
    run: str,
    override: str,
    overruled: Sequence[tuple[str, str]],
    pairs: int,
    unpaired: int,
    profile: Profile | None,
) -> dict[str, Any]:
    """Content of ``manifest.json``.

    Parameters
    ----------
    batch, rows, split, tally, files
        As exported.
    run : str
        Id of the run.
    override : str
        Why unreviewed lines were taken along; empty where there were none.
    overruled : sequence of (text, reason)
        Edited lines that a gate would stop.
    pairs, unpaired : int
        Preference pairs, and rejected lines without a partner.
    profile : Profile or None
        Of the brand, where it was checked.
    """
    sides = {"train": len(split.train), "validation": len(split.validation), "left_out": len(split.left_out)}
    return {
        "manifest": VERSION,
        "brand": batch.brand,
        "brand_id": batch.brand_id,
        "seed_lines_sha256": batch.seed_hash,
        "run": run,
        "provider": batch.provider,
        "model": batch.model,
        "requested_lines": batch.requested,
        "requests": batch.requests,
        "failed_requests": batch.failed,
        "tokens_in": batch.tokens_in,
        "tokens_out": batch.tokens_out,
        "seed": batch.seed,
        "gates": [asdict(count) for count in batch.funnel],
        "gate_settings": batch.settings,
        "voice_threshold_percentile": batch.threshold,
        "classifier": _classifier(profile),
        "diversity": {"accepted": asdict(batch.accepted), "approved": asdict(batch.seeds)},
        "review": {
            "kept": tally.kept,
            "edited": tally.edited,
            "rejected": tally.rejected,
            "unreviewed": tally.pending,
            "override": override,
            "edits_that_a_gate_would_stop": [{"text": text, "reason": reason} for text, reason in overruled],
        },
        "examples": dict(Counter(row.kind for row in rows)),
        "split": {
            **sides,
            "by": "families: shared approved lines and near-duplicates",
            "families": len({family for family in split.families if family >= 0}),
            "exact_overlap": split.exact_overlap,
            "largest_similarity": round(split.similarity, 1),
            "closest_lines": list(split.closest),
        },
        "preference_pairs": {"pairs": pairs, "rejected_without_partner": unpaired},
        "files": {
            path: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for path, content in files.items()
        },
        "warnings": _warnings(rows, split, tally, override),
        "notes": list(batch.notes),
    }


def card(content: Mapping[str, Any]) -> str:
    """The dataset card's text from a manifest."""
    split, review = content["split"], content["review"]
    gates = "\n".join(f"| {g['name']} | {g['reached']:,} | {g['stopped']:,} |" for g in content["gates"])
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in content["examples"].items())
    warnings = "".join(f"* {text}\n" for text in content["warnings"])
    return (
        f"# Lines in the voice of {content['brand']}\n\n"
        f"Briefs and the lines that answer them, for fine-tuning. {kinds.capitalize()} lines. New lines came from "
        f"{content['provider']} ({content['model']}), passed the gates below and were read by a person: "
        f"{review['kept']:,} kept, {review['edited']:,} edited, {review['rejected']:,} rejected, "
        f"{review['unreviewed']:,} not read.\n\n"
        f"Training and validation share no approved line and no near-duplicate: {split['train']:,} and "
        f"{split['validation']:,} lines, {split['left_out']:,} left out, {split['exact_overlap']} in both, largest "
        f"similarity {split['largest_similarity']} of 100.\n\n"
        f"| Gate | Lines that came | Stopped |\n|---|---:|---:|\n{gates}\n"
        + (f"\n## Mind\n\n{warnings}" if warnings else "")
    )


def _classifier(profile: Profile | None) -> dict[str, Any] | None:
    if profile is None:
        return None
    return {
        "approved": profile.approved,
        "contrast": profile.contrast,
        "provisional": profile.provisional,
        "seed": profile.seed,
        "measures": [asdict(measure) for measure in profile.measures],
        "notes": list(profile.notes),
    }


def _warnings(rows: Sequence[Row], split: Split, tally: Tally, override: str) -> list[str]:
    found = []
    if override and tally.pending:
        found.append(f"{tally.pending:,} lines were not read by anybody. Reason given: {override}")
    if len(split.train) < _LEAST_OPENAI:
        found.append(f"{len(split.train)} training examples; OpenAI asks for {_LEAST_OPENAI} at least.")
    if split.alike:
        found.append("The lines are too much alike to be parted: none is for validation, all are for training.")
    if split.left_out:
        found.append(
            f"{len(split.left_out):,} lines stem from approved lines of both sides and were left out, so that the "
            "validation figures are honest."
        )
    recombined = sum(row.kind == "recombined" for row in rows)
    if recombined:
        found.append(f"{recombined:,} lines were put together from approved lines: they teach little that is new.")
    return found
