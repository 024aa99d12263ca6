"""What several reports say together."""

from attrition.evidence.compare import Comparison, compare
from attrition.evidence.convert import convert
from attrition.evidence.mix import CasualtyMix

__all__ = ["CasualtyMix", "Comparison", "compare", "convert"]
