import numpy as np
import pytest
from scipy import stats

from attrition._typing import FrozenDistribution, FrozenVariable


class TestProtocols:
    @pytest.mark.parametrize(
        "source",
        [
            stats.gamma(4),
            stats.poisson(3),
            stats.rv_histogram(np.histogram([1, 2, 3])),
            stats.rv_discrete(values=([1, 2], [0.5, 0.5])),
        ],
    )
    def test_the_older_kind(self, source: object) -> None:
        """Every frozen distribution of the older kind is one, and not of the newer."""
        assert isinstance(source, FrozenDistribution)
        assert not isinstance(source, FrozenVariable)

    @pytest.mark.parametrize("source", [stats.Normal(), stats.Uniform(a=0.0, b=1.0)])
    def test_the_newer_kind(self, source: object) -> None:
        """Every variable of the newer kind is one, and not of the older."""
        assert isinstance(source, FrozenVariable)
        assert not isinstance(source, FrozenDistribution)

    @pytest.mark.parametrize(
        "value", [3, 3.5, "x", None, np.ones(3), stats.gaussian_kde([1, 2, 4])]
    )
    def test_nothing_else(self, value: object) -> None:
        """Numbers, texts, arrays and what has no quantiles are neither."""
        assert not isinstance(value, FrozenDistribution | FrozenVariable)
