import math
import pickle

import attrs
import pytest
from scipy import stats

from attrition.accounts import Per
from attrition.errors import EstimateError, NumberError, ParameterError, ProjectionError
from attrition.projection import Common, Variation
from tests.accounts.records import unchecked
from tests.projection.futures import MONTHLY


class TestVariation:
    def test_fields_are_kept(self) -> None:
        """Each part keeps its own number."""
        assert attrs.astuple(MONTHLY) == (0.15, 0.7, 0.08, Per.MONTH, None)

    def test_nothing_may_vary(self) -> None:
        """Zero spread and zero persistence are allowed."""
        none = Variation(lasting_sd=0, persistence=0, passing_sd=0, per=Per.DAY)

        assert (none.lasting_sd, none.persistence, none.passing_sd) == (0, 0, 0)

    def test_there_and_back_through_pickle(self) -> None:
        """A variation comes back equal."""
        assert pickle.loads(pickle.dumps(MONTHLY)) == MONTHLY

    @pytest.mark.parametrize("field", ["lasting_sd", "passing_sd"])
    def test_negative_spread(self, field: str) -> None:
        """A spread below zero is refused."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(attrs.evolve)(MONTHLY, **{field: -0.1})

        assert str(caught.value) == (
            f"{field} is -0.1: expected 0 or more. "
            f"Type {field}=0.1 for steps that differ by about 10 per cent."
        )

    @pytest.mark.parametrize("persistence", [1.0, -0.2])
    def test_persistence_outside(self, persistence: float) -> None:
        """What never fades is a level and no variation."""
        with pytest.raises(ProjectionError) as caught:
            attrs.evolve(MONTHLY, persistence=persistence)

        assert str(caught.value) == (
            f"persistence is {persistence}: expected a number in [0, 1). "
            "Type persistence=0.7, or put what never fades into the level."
        )

    @pytest.mark.parametrize("field", ["lasting_sd", "persistence", "passing_sd"])
    def test_no_number(self, field: str) -> None:
        """A bool is no number and nan is none either; the message names the field."""
        with pytest.raises(NumberError) as caught:
            unchecked(attrs.evolve)(MONTHLY, **{field: True})
        with pytest.raises(ParameterError) as nan:
            unchecked(attrs.evolve)(MONTHLY, **{field: math.nan})

        assert str(caught.value).startswith(f"{field} is True, a bool: expected a finite number.")
        assert str(nan.value).startswith(f"{field} is nan: expected a finite number.")

    def test_no_clock(self) -> None:
        """The clock is a unit of time."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Variation)(lasting_sd=0.1, persistence=0.5, passing_sd=0.1, per="month")

        assert str(caught.value) == (
            "per is 'month': expected a Per. Type one of Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR."
        )

    def test_common_shocks(self) -> None:
        """Shared shocks are kept, whoever makes the variation."""
        front = Common(name="front", loading=0.8)

        assert attrs.evolve(MONTHLY, common=front).common == front
        assert Variation.independent(0.1, Per.MONTH, common=front).common == front

    def test_no_shocks(self) -> None:
        """A name alone is no record of shared shocks."""
        with pytest.raises(EstimateError) as caught:
            unchecked(attrs.evolve)(MONTHLY, common="front")

        assert str(caught.value) == (
            "common is 'front': expected a Common. "
            'Type for example common=Common(name="front", loading=0.8).'
        )


class TestCommon:
    @pytest.mark.parametrize("loading", [-1.0, 0.0, 0.8, 1])
    def test_fields(self, loading: float) -> None:
        """A name without blanks around it and a correlation are kept."""
        assert attrs.astuple(Common(name=" front ", loading=loading)) == ("front", loading)

    @pytest.mark.parametrize("loading", [1.2, -1.01])
    def test_no_correlation(self, loading: float) -> None:
        """Shocks are not correlated by more than one."""
        with pytest.raises(ProjectionError) as caught:
            Common(name="front", loading=loading)

        assert str(caught.value) == (
            f"loading is {loading}: expected a correlation in [-1, 1]. "
            "Type loading=0.8; two processes with 0.8 have shocks correlated by 0.64."
        )

    def test_no_number(self) -> None:
        """A bool is no correlation."""
        with pytest.raises(NumberError, match=r"^loading is True, a bool: "):
            Common(name="front", loading=True)

    def test_no_name(self) -> None:
        """What is shared has a name."""
        with pytest.raises(EstimateError) as caught:
            Common(name=" ", loading=0.5)

        assert str(caught.value) == (
            "name is ' ': expected a text that is not empty. Type for example name=\"front\"."
        )


class TestIndependent:
    @pytest.mark.parametrize("cv", [0.05, 0.4, 1.5])
    def test_coefficient_of_variation(self, cv: float) -> None:
        """The lognormal of this spread has the coefficient of variation asked for."""
        variation = Variation.independent(cv, Per.WEEK)
        law = stats.lognorm(s=variation.passing_sd)

        assert law.std() / law.mean() == pytest.approx(cv, rel=1e-12)
        assert (variation.lasting_sd, variation.persistence) == (0.0, 0.0)
        assert variation.per is Per.WEEK

    def test_none(self) -> None:
        """A coefficient of zero is no variation at all."""
        assert Variation.independent(0, Per.DAY).passing_sd == 0.0

    def test_negative(self) -> None:
        """A negative coefficient is refused."""
        with pytest.raises(ProjectionError) as caught:
            Variation.independent(-0.1, Per.MONTH)

        assert str(caught.value) == ("cv is -0.1: expected 0 or more. Type cv=0.1 for 10 per cent.")
