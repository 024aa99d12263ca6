"""The words of the Admiralty scale: how reliable a source is, how credible what it says."""

import types
from collections.abc import Mapping

__all__ = ["CREDIBILITY", "RELIABILITY"]

# Ministry of Defence (UK), Joint Warfare Publication 2-00, Intelligence Support to Joint
# Operations, March 2003. Two ordinal axes and no numbers: published maps to numbers disagree.

RELIABILITY: Mapping[str, str] = types.MappingProxyType(
    {
        "A": "completely reliable",
        "B": "usually reliable",
        "C": "fairly reliable",
        "D": "not usually reliable",
        "E": "unreliable",
        "F": "cannot be judged",
    }
)
"""The source, by its letter; F is no basis for a judgement, not a bad one."""

CREDIBILITY: Mapping[str, str] = types.MappingProxyType(
    {
        "1": "confirmed",
        "2": "probably true",
        "3": "possibly true",
        "4": "doubtful",
        "5": "improbable",
        "6": "cannot be judged",
    }
)
"""The information, by its digit; 6 is no basis for a judgement, not a bad one."""
