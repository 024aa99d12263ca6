"""A mix for tests that ask about every outcome."""

from attrition.evidence import CasualtyMix
from attrition.uncertain import between, share, uniform

__all__ = ["FULL"]

FULL = CasualtyMix.from_ratios(
    between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=share(0.4, 0.7, confidence=0.9),
    missing_per_killed=uniform(0.2, 0.5),
    captured_per_killed=uniform(0.01, 0.1),
    died_of_wounds_per_killed=share(0.05, 0.2, confidence=0.9),
    nonbattle_dead_per_killed=uniform(0.05, 0.15),
)
"""Every ratio given, all different."""
