"""Uncertain numbers: one real number each, known only through a distribution."""

from attrition.uncertain.answers import Summary
from attrition.uncertain.elicit import (
    about,
    at_least,
    at_most,
    between,
    exactly,
    rounded,
    share,
    uniform,
)
from attrition.uncertain.event import Event, EventSummary, probability
from attrition.uncertain.functions import (
    clip,
    draws,
    exp,
    log,
    maximum,
    minimum,
    sqrt,
    total_of,
)
from attrition.uncertain.joint import from_draws, from_joint_draws
from attrition.uncertain.number import Operand, Uncertain, UncertainLike

__all__ = [
    "Event",
    "EventSummary",
    "Operand",
    "Summary",
    "Uncertain",
    "UncertainLike",
    "about",
    "at_least",
    "at_most",
    "between",
    "clip",
    "draws",
    "exactly",
    "exp",
    "from_draws",
    "from_joint_draws",
    "log",
    "maximum",
    "minimum",
    "probability",
    "rounded",
    "share",
    "sqrt",
    "total_of",
    "uniform",
]
