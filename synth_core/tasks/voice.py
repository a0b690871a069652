"""Write new lines in a brand's voice and ask every gate about them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth_core.errors import VoiceError
from synth_core.progress import Progress
from synth_core.runs.layout import Layout
from synth_core.tasks.places import brands, workspace, write_json
from synth_core.voice.classifier import VoiceClassifier
from synth_core.voice.diversity import beside
from synth_core.voice.funnel import ask_gates
from synth_core.voice.gates.settings import GateSettings
from synth_core.voice.judging import JudgeModel
from synth_core.voice.library import seed_hash
from synth_core.voice.prompting import Template
from synth_core.voice.providers import registry
from synth_core.voice.records import Batch, Brand
from synth_core.voice.writing import Written, write

_DEFAULTS = {"per_request": 10, "temperature": 0.9, "concurrency": 4, "rate": None, "seed": 0, "template": None}


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Write, judge, count; :func:`synth_core.tasks.results.load_batch` reads the result.

    Parameters
    ----------
    spec : dict
        ``brand`` (id, or ``id@version``), ``provider`` (``key``, ``model``, ``base_url``), ``count``, ``gates``
        (:meth:`~synth_core.voice.gates.settings.GateSettings.to_dict`), and perhaps ``per_request``, ``temperature``,
        ``concurrency``, ``rate``, ``seed``, ``template`` and ``judge`` (a provider with a ``minimum``, or None).
    folder : Path
        Receives ``batch.json``. Requests and answers are logged in the workspace, at :func:`log_path`: a run again
        asks for what is missing only.
    progress : Progress

    Raises
    ------
    VoiceError
        The brand, the settings or the provider cannot be used; the text says why.
    """
    spec = {**_DEFAULTS, **spec}
    library = brands(folder)
    brand_id = library.exact(spec["brand"])
    brand = library.get(brand_id)
    settings = GateSettings.from_dict(spec.get("gates") or {})
    if spec.get("judge") and spec["judge"].get("minimum") is not None:
        settings = replace(settings, judge_minimum=spec["judge"]["minimum"])
    settings.channel(brand.brief.channel)  # before anything is asked and paid for
    if not brand.approved:
        raise VoiceError("This brand has no approved lines yet. Add some: they are what new lines are modelled on.")
    if Layout.of(workspace(folder)).owner:
        for chosen in filter(None, (spec["provider"], spec.get("judge"))):
            registry.permit(chosen["key"], chosen.get("base_url") or "")
    provider = _provider(spec["provider"], brand)
    judge = _judge(spec.get("judge"), brand, settings, spec["seed"], progress)
    progress.report("fitting", 0, 1)
    heard = "voice" not in settings.off
    classifier = VoiceClassifier.fit(brand.approved, brand.contrast, seed=spec["seed"]) if heard else None
    progress.report("fitting", 1, 1)
    written = _written(spec, brand, provider, log_path(folder, spec, brand), progress)
    judged = ask_gates(
        written.candidates,
        brand,
        classifier,
        settings=settings,
        seed=spec["seed"],
        judge_model=judge,
        progress=progress,
    )
    accepted = [verdict.candidate.text for verdict in judged.verdicts if verdict.passed]
    varied, seeds = beside(accepted, [line.text for line in brand.approved], seed=spec["seed"])
    notes = (*written.notes, *(classifier.notes if classifier else ()), *judged.notes, *(judge.notes if judge else ()))
    batch = Batch(
        brand=brand.name,
        brand_id=brand_id,
        provider=spec["provider"]["key"],
        model=provider.model,
        requested=spec["count"],
        verdicts=judged.verdicts,
        funnel=judged.funnel,
        accepted=varied,
        seeds=seeds,
        threshold=judged.threshold or 0.0,
        settings=settings.to_dict(),
        tokens_in=written.tokens_in,
        tokens_out=written.tokens_out,
        requests=written.requests,
        failed=written.failed,
        seed=spec["seed"],
        seed_hash=seed_hash(brand),
        notes=tuple(dict.fromkeys(notes)),
    )
    write_json(folder / "batch.json", batch.to_dict())


def log_path(folder: Path, spec: dict[str, Any], brand: Brand) -> Path:
    """Where requests and answers of a run are logged: outside its folder, named by all that decides what is asked.

    Gates, the judge, pace and the number of requests at once are no part of the name: changing them asks nothing anew.
    """
    asked = {
        name: {**_DEFAULTS, **spec}.get(name) for name in ("count", "per_request", "temperature", "seed", "template")
    }
    asked |= {"provider": spec["provider"], "brand": brand.to_dict()}
    name = hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
    return workspace(folder) / "voice" / "logs" / f"{name}.jsonl"


def _written(spec: dict[str, Any], brand: Brand, provider: Any, log: Path, progress: Progress) -> Written:
    log.parent.mkdir(parents=True, exist_ok=True)
    return write(
        brand,
        provider,
        count=spec["count"],
        per_request=spec["per_request"],
        temperature=spec["temperature"],
        concurrency=spec["concurrency"],
        rate=spec["rate"],
        seed=spec["seed"],
        log_path=log,
        progress=progress,
        template=Template.from_dict(spec["template"]) if spec["template"] else None,
    )


def _provider(chosen: dict[str, Any], brand: Brand) -> Any:
    return registry.make(
        chosen["key"], brand=brand, model=chosen.get("model") or "", base_url=chosen.get("base_url") or ""
    )


def _judge(
    chosen: dict[str, Any] | None, brand: Brand, settings: GateSettings, seed: int, progress: Progress
) -> JudgeModel | None:
    if not chosen:
        return None
    provider = _provider(chosen, brand)
    if provider.kind != "written":
        raise VoiceError("The recombiner cannot judge lines. Choose a model as the judge, or none.")
    return JudgeModel(provider, brand, settings.judge_minimum, seed, progress)
