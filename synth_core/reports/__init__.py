"""Reports: what a run found, in, one self-contained page or hand-over pack out."""

from synth_core.reports.branding import Branding
from synth_core.reports.document import Document, Part
from synth_core.reports.render import render

__all__ = ["Branding", "Document", "Part", "render"]
