"""What several reports say together."""

from attrition.evidence.compare import Comparison, compare
from attrition.evidence.convert import convert
from attrition.evidence.mix import CasualtyMix
from attrition.evidence.pool import pool
from attrition.evidence.pooled import Pooled
from attrition.evidence.reference import ReferenceRatio
from attrition.evidence.total import Total, total

__all__ = [
    "CasualtyMix",
    "Comparison",
    "Pooled",
    "ReferenceRatio",
    "Total",
    "compare",
    "convert",
    "pool",
    "total",
]
