import pickle

import attrs
import pytest

from attrition.errors import EstimateError, NumberError, ProjectionError
from attrition.projection import Exposure
from attrition.uncertain import about
from tests.accounts.records import unchecked
from tests.projection.futures import losses


class TestExposure:
    def test_fields(self) -> None:
        """A power and the strength at which the level holds are kept; alone it is per head."""
        at = about(700_000, sd=20_000)
        exposure = Exposure(power=0.5, at=at)

        assert (exposure.power, exposure.at) == (0.5, at)
        assert attrs.astuple(Exposure()) == (1.0, None)
        assert pickle.loads(pickle.dumps(exposure)) == exposure

    @pytest.mark.parametrize("power", [0.0, -1.0])
    def test_power(self, power: float) -> None:
        """Losses that do not rise with strength are refused."""
        with pytest.raises(ProjectionError) as caught:
            Exposure(power=power)

        assert str(caught.value) == (
            f"power is {power}: expected more than 0. Type power=1 for losses per head, or leave "
            "exposure out for losses that do not depend on strength."
        )

    def test_nobody(self) -> None:
        """A level does not hold at a strength of nobody."""
        with pytest.raises(ProjectionError) as caught:
            Exposure(at=0)

        assert str(caught.value) == (
            "at is 0: expected the strength at which the level holds, more than nobody. "
            "Type at=700_000, or leave it out for the strength at the start."
        )

    def test_negative(self) -> None:
        """A strength is not negative."""
        with pytest.raises(EstimateError, match=r"^at is -5: people cannot be negative\."):
            Exposure(at=-5)

    def test_no_number(self) -> None:
        """A bool is neither a power nor a strength."""
        with pytest.raises(NumberError, match=r"^power is True, a bool: "):
            Exposure(power=True)
        with pytest.raises(NumberError):
            unchecked(Exposure)(at=True)

    def test_of_a_process(self) -> None:
        """Losses take an exposure and nothing else in its place."""
        with pytest.raises(EstimateError) as caught:
            unchecked(attrs.evolve)(losses(), exposure=1)

        assert str(caught.value) == (
            "exposure is 1: expected an Exposure. Type for example exposure=Exposure(power=1)."
        )
