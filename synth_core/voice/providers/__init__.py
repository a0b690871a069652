"""Who writes the variations: services, local servers, and a recombiner that needs neither."""

from synth_core.voice.providers.base import Declined, Provider, ProviderError
from synth_core.voice.providers.registry import PROVIDERS, ProviderInfo, make

__all__ = ["PROVIDERS", "Declined", "Provider", "ProviderError", "ProviderInfo", "make"]
