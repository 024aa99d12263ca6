"""Forward in time: processes, returns, projections, balances and passages."""

from attrition.projection.balance import Balance, balance
from attrition.projection.change import Change, Ramp, Surge
from attrition.projection.compare_scenarios import compare_scenarios
from attrition.projection.custom import CustomIntake, CustomLosses
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
from attrition.projection.scenario import Scenario, ScenarioArguments
from attrition.projection.scenario_comparison import ScenarioComparison
from attrition.projection.season import Season
from attrition.projection.sensitivity import Influence, Sensitivity
from attrition.projection.simulate import Paths
from attrition.projection.steady import steady
from attrition.projection.trend import Trend
from attrition.projection.variation import Common, Variation

__all__ = [
    "Balance",
    "Change",
    "Common",
    "CustomIntake",
    "CustomLosses",
    "Delay",
    "Exposure",
    "Hospital",
    "Influence",
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
    "Scenario",
    "ScenarioArguments",
    "ScenarioComparison",
    "Season",
    "Sensitivity",
    "Surge",
    "Trend",
    "Variation",
    "WatchedPassage",
    "balance",
    "compare_scenarios",
    "losses_to_objective",
    "project",
    "runway",
    "steady",
    "time_to_objective",
]
