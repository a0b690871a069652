"""Voice: from approved lines to a reviewed fine-tuning set in a brand's voice."""

from pages.ui import (
    frame,
    voice_brand,
    voice_export,
    voice_profile,
    voice_review,
    voice_views,
    voice_write,
)

SECTIONS = {
    "brand": voice_brand.section,
    "voice": voice_profile.section,
    "write": voice_write.section,
    "review": voice_review.section,
    "export": voice_export.section,
}

with frame.page(
    "Brand voice",
    "From some 200 approved lines to a fine-tuning set: new lines, stopped where they break a rule or leave the voice, "
    "read by a person, exported. The voice gate tells style; it does not detect nonsense. That is why a person reads.",
):
    SECTIONS[voice_views.pick()]()
