import math

import numpy as np
import pytest
from scipy import integrate, stats

from attrition.errors import PoolError
from attrition.evidence.moments import moments
from attrition.evidence.recipe import PoolScale
from attrition.uncertain import Uncertain, about, at_least, between, exactly, uniform

LOGNORMAL = 'between(low, high, confidence=0.9, family="lognormal")'


class TestMoments:
    def test_natural(self) -> None:
        """On the natural scale they are mean and variance."""
        means, variances = moments([about(10, sd=3), uniform(2, 8)], ["a", "b"], "natural")

        assert means.tolist() == [10.0, 5.0]
        assert variances.tolist() == pytest.approx([9.0, 3.0], rel=1e-14)

    def test_log(self) -> None:
        """On the log scale they are those of the logarithm, exact for lognormal figures."""
        figures = [between(10, 20, confidence=0.9, family="lognormal"), uniform(2, 8)]
        means, variances = moments(figures, ["a", "b"], "log")
        sigma = math.log(2) / (2 * 1.6448536269514722)
        mean = integrate.quad(lambda x: math.log(x) / 6, 2, 8)[0]

        assert means.tolist() == pytest.approx([math.log(10 * 20) / 2, mean], rel=1e-12)
        assert variances.tolist() == pytest.approx(
            [
                sigma**2,
                integrate.quad(lambda x: (math.log(x) - mean) ** 2 / 6, 2, 8)[0],
            ],
            rel=1e-10,
        )

    def test_a_normal_figure_on_the_log_scale(self) -> None:
        """The tail below zero, which no count of people has, is cut off."""
        means, variances = moments([about(28_000, sd=5_800)], ["a"], "log")
        cut = stats.truncnorm(-28_000 / 5_800, np.inf, 28_000, 5_800)
        mean = cut.expect(np.log)

        assert float(means[0]) == pytest.approx(mean, rel=1e-9)
        variance = cut.expect(lambda x: (np.log(x) - mean) ** 2)
        assert float(variances[0]) == pytest.approx(variance, rel=1e-6)

    @pytest.mark.parametrize(
        ("scale", "example"), [("natural", "about(count, sd=...)"), ("log", LOGNORMAL)]
    )
    def test_no_spread(self, scale: PoolScale, example: str) -> None:
        """A known figure would have all of the weight."""
        with pytest.raises(PoolError) as caught:
            moments([about(9, sd=1), exactly(35_050)], ["estimates[0]", "estimates[1]"], scale)

        assert str(caught.value) == (
            "estimates[1] has no spread, and would have all of the weight: expected a figure with "
            f"the spread that you believe. Type for example {example}."
        )

    @pytest.mark.parametrize(
        ("number", "scale", "what", "example", "other"),
        [
            # A mean that does not exist, a variance that is infinite, a mass at zero.
            (stats.cauchy(9_000, 3), "natural", "figure", "about(count, sd=...)", "log"),
            (stats.t(2, 9_000, 3), "natural", "figure", "about(count, sd=...)", "log"),
            (stats.poisson(3), "log", "logarithm", LOGNORMAL, "natural"),
        ],
    )
    def test_no_moments(
        self,
        number: "stats.rv_continuous",
        scale: PoolScale,
        what: str,
        example: str,
        other: str,
    ) -> None:
        """Where a mean or a variance does not exist the figure is named."""
        with pytest.raises(PoolError) as caught:
            moments([Uncertain.of(number)], ["estimates[0]"], scale)

        assert str(caught.value) == (
            f"estimates[0] has no mean and variance of its {what}: expected both with "
            f'scale={scale!r}. State it for example as {example}, or try scale="{other}" or '
            'method="linear".'
        )

    def test_one_sided_figures(self) -> None:
        """A figure that states a floor and a median has moments on both scales."""
        number = at_least(1_562, median=9_000)
        excess = (9_000 - 1_562) / math.log(2)

        assert float(moments([number], ["a"], "natural")[0][0]) == pytest.approx(1_562 + excess)
        law = stats.expon(1_562, excess)
        assert float(moments([number], ["a"], "log")[0][0]) == pytest.approx(
            law.expect(np.log), rel=1e-9
        )
