"""What is counted, of whom, when, and who said so."""

from attrition.accounts.category import Category
from attrition.accounts.force import Force, StrengthBasis
from attrition.accounts.losses import Bound, LossEstimate, Unit
from attrition.accounts.period import Per, Period
from attrition.accounts.recruitment import IntakeStage, RecruitmentRate, arrivals
from attrition.accounts.source import Grade, Interest, Source
from attrition.accounts.statement import same_statement

__all__ = [
    "Bound",
    "Category",
    "Force",
    "Grade",
    "IntakeStage",
    "Interest",
    "LossEstimate",
    "Per",
    "Period",
    "RecruitmentRate",
    "Source",
    "StrengthBasis",
    "Unit",
    "arrivals",
    "same_statement",
]
