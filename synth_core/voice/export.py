"""From a reviewed batch to a fine-tuning set in one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping

from synth_core.errors import VoiceError
from synth_core.voice import export_formats as formats_
from synth_core.voice.export_pairs import pairs
from synth_core.voice.export_rows import Row, rows
from synth_core.voice.export_split import Split, split
from synth_core.voice.funnel import Recheck
from synth_core.voice.gates.settings import GateSettings
from synth_core.voice.manifest import card, manifest
from synth_core.voice.records import Batch, Brand, Decision, Profile
from synth_core.voice.review import tally

FORMATS = formats_.FORMATS


def archive(
    batch: Batch,
    brand: Brand,
    decisions: Mapping[str, Decision],
    *,
    run: str = "",
    formats: Iterable[str] = tuple(FORMATS),
    validation: float = 0.1,
    approved: bool = True,
    override: str = "",
    profile: Profile | None = None,
    seed: int = 0,
) -> bytes:
    """A zip with every format, the manifest and nothing that depends on the clock.

    Parameters
    ----------
    batch : Batch
    brand : Brand
        The version of the brand the batch was made for.
    decisions : mapping of str to Decision
        By the candidate's id: :meth:`synth_core.voice.review.Reviews.decisions`.
    run : str
        Id of the run, for the manifest.
    formats : iterable of str
        Keys of :data:`FORMATS`.
    validation : float
        Share of the lines, 0 to 0.5.
    approved : bool
        Take the approved lines along.
    override : str
        Why lines that nobody has read are to be taken along; empty: they are not, and the export is refused while
        there are any. Kept in the manifest.
    profile : Profile or None
        Of the brand: its classifier's figures go into the manifest.
    seed : int

    Raises
    ------
    VoiceError
        Unreviewed lines remain, no line is left, the brand is another one, or a format is unknown.
    """
    wanted = list(formats)
    if unknown := [key for key in wanted if key not in FORMATS]:
        raise VoiceError(f"The format {unknown[0]!r} is not known. Choose among: {', '.join(FORMATS)}.")
    if brand.name != batch.brand:
        raise VoiceError(
            f"This batch was made for {batch.brand}, not for {brand.name}. Choose the brand it was made for."
        )
    counts = tally(batch, dict(decisions))
    override = " ".join(override.split())
    if counts.pending and not override:
        raise VoiceError(
            f"{counts.pending:,} lines have not been reviewed. Review them, or say why they are exported unread: the "
            "reason goes into the manifest."
        )
    made = rows(batch, brand, decisions, approved=approved, unreviewed=bool(override))
    if not any(row.candidate for row in made):
        raise VoiceError("No new line is left to export: keep some lines in the review first.")
    parted = split(made, validation=validation, seed=seed)
    found_pairs, unpaired = pairs(batch, decisions, made)
    sides = (("train", parted.train), ("validation", parted.validation))
    parts = [
        formats_.Part(
            name,
            tuple(made[i] for i in places),
            tuple(parted.families[i] for i in places),
            tuple(pair for pair in found_pairs if pair.row in at),
        )
        for name, places, at in ((name, places, frozenset(places)) for name, places in sides)
    ]
    told = {
        "run": run,
        "override": override if counts.pending else "",
        "overruled": _overruled(made, brand, batch),
        "pairs": sum(len(part.pairs) for part in parts),
        "unpaired": unpaired,
        "profile": profile,
    }
    draft = manifest(batch, made, parted, counts, {}, **told)
    files = formats_.files(parts, wanted, brand.name, card(draft))
    files["manifest.json"] = _json(manifest(batch, made, parted, counts, files, **told))
    return _zipped(files)


def preview(
    batch: Batch, brand: Brand, decisions: Mapping[str, Decision], *, validation: float = 0.1, seed: int = 0
) -> Split:
    """The split that :func:`archive` would make of the lines reviewed so far."""
    return split(rows(batch, brand, decisions), validation=validation, seed=seed)


def _overruled(made: Iterable[Row], brand: Brand, batch: Batch) -> list[tuple[str, str]]:
    """Edited lines that a gate would stop, with its reason."""
    edited = [row for row in made if row.edited]
    if not edited:
        return []
    recheck = Recheck(brand, GateSettings.from_dict(batch.settings))
    verdicts = [recheck(row.text) for row in edited]
    return [(row.text, verdict.reason) for row, verdict in zip(edited, verdicts, strict=True) if not verdict.passed]


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive_:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive_.writestr(info, files[path])
    return out.getvalue()
