"""What several reports say together."""

from attrition.evidence.claim import Claim
from attrition.evidence.compare import Comparison, compare
from attrition.evidence.contradiction import Contradiction
from attrition.evidence.convert import convert
from attrition.evidence.debias import debias, implied_bias
from attrition.evidence.mix import CasualtyMix
from attrition.evidence.pool import pool
from attrition.evidence.pooled import Pooled
from attrition.evidence.reconcile import Reconciled, reconcile
from attrition.evidence.reference import ReferenceRatio
from attrition.evidence.total import Total, total

__all__ = [
    "CasualtyMix",
    "Claim",
    "Comparison",
    "Contradiction",
    "Pooled",
    "Reconciled",
    "ReferenceRatio",
    "Total",
    "compare",
    "convert",
    "debias",
    "implied_bias",
    "pool",
    "reconcile",
    "total",
]
