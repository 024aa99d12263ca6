import pickle
from collections.abc import Callable, Mapping

import attrs
import pytest

from attrition.accounts import Category, Per, Period
from attrition.errors import CategoryError, EstimateError, NumberError, ProjectionError
from attrition.projection import Change, IntakeProcess, LossProcess, Process, Season, Trend
from attrition.uncertain import about
from tests.accounts.records import JANUARY, unchecked
from tests.projection.futures import MONTHLY, intake, losses

LOSSES = losses(about(44_000, sd=2_700), variation=MONTHLY, observed=JANUARY)
INTAKE = intake(about(35_000, sd=2_100), variation=MONTHLY, observed=JANUARY)
BOTH = pytest.mark.parametrize("process", [LOSSES, INTAKE], ids=lambda p: p.kind)
MAKERS: list[Callable[..., Process]] = [unchecked(LossProcess), unchecked(IntakeProcess)]


def _made(kind: str, fields: Mapping[str, object]) -> Process:
    """A process by a call without a type checker."""
    common: dict[str, object] = {"level": 44_000, "per": Per.MONTH, "side": "Russia"}
    if kind == "losses":
        common["category"] = Category.IRRECOVERABLE
    return MAKERS[kind != "losses"](**{**common, **fields})


class TestProcess:
    def test_kinds(self) -> None:
        """A process says what it moves."""
        assert (LOSSES.kind, INTAKE.kind) == ("losses", "recruitment")

    @BOTH
    def test_there_and_back_through_pickle(self, process: Process) -> None:
        """A process comes back equal, the same unknown included."""
        assert pickle.loads(pickle.dumps(process)) == process

    @BOTH
    def test_level_stays_the_same_unknown(self, process: Process) -> None:
        """Changing another field keeps the level."""
        assert attrs.evolve(process, per=Per.WEEK).level == process.level

    @BOTH
    def test_one_change_is_enough(self, process: Process) -> None:
        """A change alone stands for a tuple of one."""
        change = Change(factor=1.1, during=JANUARY)

        assert unchecked(attrs.evolve)(process, changes=change).changes == (change,)

    @pytest.mark.parametrize("kind", ["losses", "recruitment"])
    @pytest.mark.parametrize(
        ("field", "value", "error", "message"),
        [
            (
                "level",
                -5,
                EstimateError,
                (
                    "level is -5: people cannot be negative. Type a number from 0 on, "
                    'between(low, high, confidence=0.9, family="lognormal") or '
                    "about(centre, sd=..., positive=True)."
                ),
            ),
            (
                "level",
                about(100, sd=100),
                EstimateError,
                (
                    "level has 0.16 of its mass below zero: people cannot be negative. Type a "
                    'number from 0 on, between(low, high, confidence=0.9, family="lognormal") or '
                    "about(centre, sd=..., positive=True)."
                ),
            ),
            (
                "per",
                "month",
                ProjectionError,
                (
                    "per is 'month': expected a Per. "
                    "Type one of Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR."
                ),
            ),
            (
                "side",
                " ",
                EstimateError,
                "side is ' ': expected a text that is not empty. Type for example side=\"Russia\".",
            ),
            (
                "trend",
                -0.03,
                EstimateError,
                (
                    "trend is -0.03: expected a Trend. "
                    "Type for example trend=Trend(per_year=-0.03, form=...)."
                ),
            ),
            (
                "season",
                0.1,
                EstimateError,
                (
                    "season is 0.1: expected a Season. Type for example "
                    "season=Season((0.9, 0.9, 1, 1, 1, 1.1, 1.1, 1.1, 1, 1, 1, 0.9))."
                ),
            ),
            (
                "variation",
                0.1,
                EstimateError,
                (
                    "variation is 0.1: expected a Variation. "
                    "Type for example variation=Variation.independent(0.1, Per.MONTH)."
                ),
            ),
            (
                "changes",
                [0.1],
                ProjectionError,
                (
                    "0.1 among the changes: expected a Change, a Ramp or a Surge. "
                    "Type changes=[Change(factor=1.2, during=Period.month(2026, 6))]."
                ),
            ),
            (
                "observed",
                2026,
                EstimateError,
                (
                    "observed is 2026: expected a Period. "
                    "Type for example observed=Period.month(2026, 1)."
                ),
            ),
        ],
    )
    def test_refusals(
        self, kind: str, field: str, value: object, error: type[Exception], message: str
    ) -> None:
        """Every field refuses what it cannot mean, in both kinds alike."""
        with pytest.raises(error) as caught:
            _made(kind, {field: value})

        assert type(caught.value) is error
        assert str(caught.value) == message

    @pytest.mark.parametrize("kind", ["losses", "recruitment"])
    def test_no_number(self, kind: str) -> None:
        """A bool is no level."""
        with pytest.raises(NumberError):
            _made(kind, {"level": True})

    @pytest.mark.parametrize("kind", ["losses", "recruitment"])
    def test_defaults(self, kind: str) -> None:
        """A level alone is steady: no trend, season, variation, changes or observed period."""
        process = _made(kind, {})

        assert (process.trend, process.variation, process.observed) == (None, None, None)
        assert process.season is None
        assert process.changes == ()

    def test_everything_is_kept(self) -> None:
        """What was given is there."""
        trend = Trend(per_year=-0.03, form="linear")
        period = Period.year(2025)
        process = _made("losses", {"trend": trend, "variation": MONTHLY, "observed": period})

        assert (process.trend, process.variation, process.observed) == (trend, MONTHLY, period)

    @pytest.mark.parametrize("kind", ["losses", "recruitment"])
    def test_observed_out_of_season(self, kind: str) -> None:
        """A count of a month in which nobody is moved tells no level."""
        season = Season((0, 2, *[1] * 10))
        with pytest.raises(ProjectionError) as caught:
            _made(kind, {"season": season, "observed": JANUARY})

        assert str(caught.value) == (
            f"the {kind} were observed in January 2026, in which their season is 0: expected a "
            "period in which people were moved. Leave observed out if the level is a mean over "
            "the year."
        )
        assert _made(kind, {"season": season, "observed": Period.year(2025)}).season == season

    def test_no_category(self) -> None:
        """Losses say what is counted."""
        with pytest.raises(CategoryError):
            _made("losses", {"category": "dead"})
