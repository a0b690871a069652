"""Ends at once with a result."""


def run(spec, folder, progress):
    for step in range(spec.get("steps", 3) + 1):
        progress.report("fitting", step, spec.get("steps", 3), loss=1 / (step + 1))
    (folder / "result.txt").write_text(f"seed {spec.get('seed')}", "utf-8")
