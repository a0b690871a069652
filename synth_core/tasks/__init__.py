"""What a run can do: one module per task, each with ``run(spec, folder, progress)``."""
