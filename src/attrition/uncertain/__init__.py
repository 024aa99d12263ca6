"""Uncertain numbers: one real number each, known only through a distribution."""

from attrition.uncertain.answers import Summary
from attrition.uncertain.dependence import correlate
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
from attrition.uncertain.figure import Figure
from attrition.uncertain.figure_kind import FigureKind
from attrition.uncertain.figure_text import parse_figure
from attrition.uncertain.from_quantiles import from_quantiles
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
from attrition.uncertain.given import given
from attrition.uncertain.joint import from_draws, from_joint_draws
from attrition.uncertain.mixture import mixture
from attrition.uncertain.number import Operand, Uncertain, UncertainLike
from attrition.uncertain.probability_from import probability_from
from attrition.uncertain.shapes import asymmetric, pert
from attrition.uncertain.truncate import truncate

__all__ = [
    "Event",
    "EventSummary",
    "Figure",
    "FigureKind",
    "Operand",
    "Summary",
    "Uncertain",
    "UncertainLike",
    "about",
    "asymmetric",
    "at_least",
    "at_most",
    "between",
    "clip",
    "correlate",
    "draws",
    "exactly",
    "exp",
    "from_draws",
    "from_joint_draws",
    "from_quantiles",
    "given",
    "log",
    "maximum",
    "minimum",
    "mixture",
    "parse_figure",
    "pert",
    "probability",
    "probability_from",
    "rounded",
    "share",
    "sqrt",
    "total_of",
    "truncate",
    "uniform",
]
