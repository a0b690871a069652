"""The lessons of page Guide: key in the address, name on screen, what draws it."""

from __future__ import annotations

from pages.ui import (
    guide_generators,
    guide_leak,
    guide_limits,
    guide_networks,
    guide_privacy,
    guide_simulation,
    guide_smote,
    guide_verdict,
    guide_words,
)

LESSONS = {
    "smote": ("SMOTE", guide_smote.lesson),
    "generators": ("Trees and copulas", guide_generators.lesson),
    "networks": ("GANs and VAEs", guide_networks.lesson),
    "simulation": ("Simulation", guide_simulation.lesson),
    "privacy": ("Differential privacy", guide_privacy.lesson),
    "leak": ("The usual mistake", guide_leak.lesson),
    "verdict": ("Reading a verdict", guide_verdict.lesson),
    "limits": ("Wrong tool?", guide_limits.lesson),
    "words": ("Glossary", guide_words.lesson),
}
