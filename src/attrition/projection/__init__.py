"""Forward in time: processes, returns, projections, balances and passages."""

from attrition.projection.balance import Balance, balance
from attrition.projection.change import Change, Ramp, Surge
from attrition.projection.delay import Delay
from attrition.projection.exposure import Exposure
from attrition.projection.later_mix import LaterMix
from attrition.projection.objective import losses_to_objective, runway, time_to_objective
from attrition.projection.passage import OpenPassage, Passage, WatchedPassage
from attrition.projection.process import IntakeProcess, LossProcess, Process
from attrition.projection.project import project
from attrition.projection.projection import Projection
from attrition.projection.provenance import Provenance
from attrition.projection.returns import Hospital, Returns
from attrition.projection.season import Season
from attrition.projection.simulate import Paths
from attrition.projection.steady import steady
from attrition.projection.trend import Trend
from attrition.projection.variation import Common, Variation

__all__ = [
    "Balance",
    "Change",
    "Common",
    "Delay",
    "Exposure",
    "Hospital",
    "IntakeProcess",
    "LaterMix",
    "LossProcess",
    "OpenPassage",
    "Passage",
    "Paths",
    "Process",
    "Projection",
    "Provenance",
    "Ramp",
    "Returns",
    "Season",
    "Surge",
    "Trend",
    "Variation",
    "WatchedPassage",
    "balance",
    "losses_to_objective",
    "project",
    "runway",
    "steady",
    "time_to_objective",
]
