import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from attrition.errors import MomentError
from attrition.uncertain.interpolated import Interpolated, Tails
from tests.precise import P, assert_quantiles, normal_score

LAWS = [
    Interpolated(((0.05, 14_500.0), (0.5, 17_000.0), (0.95, 23_000.0)), "lognormal"),
    Interpolated(((0.05, 14_500.0), (0.5, 17_000.0), (0.95, 23_000.0)), "normal"),
    Interpolated(((0.01, -3.0), (0.05, -1.0), (0.5, 1.0), (0.9, 1.1), (0.95, 30.0)), "normal"),
    Interpolated(((0.01, 0.3), (0.05, 1.0), (0.5, 1.01), (0.8, 1.1), (0.95, 3.0)), "lognormal"),
    Interpolated(((0.2, -7.0), (0.3, 5.0)), "normal"),
    Interpolated(((1e-6, 2.0), (0.7, 5.0)), "lognormal"),
]


class Exact:
    """The same curve at fifty digits, written as Hermite's cubic on its four basis functions."""

    def __init__(self, law: Interpolated) -> None:
        self.tails = law.tails
        self.middle = mpf(law.quantiles[len(law.quantiles) // 2][1])
        self.z = [normal_score(p) for p, _ in law.quantiles]
        self.y = [self.straight(mpf(x)) for _, x in law.quantiles]
        steps = list(itertools.pairwise(zip(self.z, self.y, strict=True)))
        h = [b[0] - a[0] for a, b in steps]
        s = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in steps]
        inner = [
            3
            * (h[i] + h[i - 1])
            / ((2 * h[i] + h[i - 1]) / s[i - 1] + (h[i] + 2 * h[i - 1]) / s[i])
            for i in range(1, len(s))
        ]
        self.d = [s[0], *inner, s[-1]]

    def straight(self, x: mpf) -> mpf:
        """The value on the scale on which the curve is drawn."""
        return x if self.tails == "normal" else mp.log(x / self.middle)

    def curve(self, z: mpf) -> mpf:
        """The curve at a normal score."""
        if z <= self.z[0]:
            return self.y[0] + self.d[0] * (z - self.z[0])
        if z >= self.z[-1]:
            return self.y[-1] + self.d[-1] * (z - self.z[-1])
        i = max(k for k, knot in enumerate(self.z[:-1]) if knot <= z)
        h = self.z[i + 1] - self.z[i]
        u = (z - self.z[i]) / h
        return (
            (1 + 2 * u) * (1 - u) ** 2 * self.y[i]
            + u * (1 - u) ** 2 * h * self.d[i]
            + u * u * (3 - 2 * u) * self.y[i + 1]
            + u * u * (u - 1) * h * self.d[i + 1]
        )

    def value(self, z: mpf) -> mpf:
        """The number at a normal score."""
        straight = self.curve(z)
        return straight if self.tails == "normal" else self.middle * mp.exp(straight)

    def moment(self, centre: mpf, power: int) -> mpf:
        """E[(X - centre)^power]."""
        edges = [-25, -15, -8, *self.z, *(e for e in (8, 15, 25) if e > self.z[-1])]
        return mp.quad(lambda z: (self.value(z) - centre) ** power * mp.npdf(z), edges)


class TestInterpolated:
    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_quantiles(self, law: Interpolated) -> None:
        """Quantiles lie on the cubic pieces and the straight lines, at fifty digits."""
        exact = Exact(law)

        assert_quantiles(
            law,
            lambda p, _: exact.value(normal_score(p)),
            mean=law.mean(),
            sd=math.sqrt(law.var()),
        )

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_through_every_point(self, law: Interpolated) -> None:
        """Each stated quantile is a quantile of the law, and its probability is found again."""
        for p, x in law.quantiles:
            assert float(law.ppf(np.array(p))) == pytest.approx(x, rel=1e-15)
            # Of 1 - 1e-6 the last ten digits of the small one are gone.
            assert float(law.isf(np.array(1.0 - p))) == pytest.approx(x, rel=1e-10)
            assert float(law.cdf(np.array(x))) == pytest.approx(p, rel=1e-14)
            assert float(law.sf(np.array(x))) == pytest.approx(1.0 - p, rel=1e-13)

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_probabilities_invert_quantiles(self, law: Interpolated) -> None:
        """A probability is found again from its quantile, as far as the quantile's digits say."""
        p = np.array(P)
        for ask, answer in ((law.ppf, law.cdf), (law.isf, law.sf)):
            x = ask(p)
            moved = law.pdf(x) * np.spacing(np.abs(x))

            assert (np.abs(answer(x) - p) <= 1e-13 * p + 4.0 * moved).all()

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_moments(self, law: Interpolated) -> None:
        """Mean and variance are the integrals at fifty digits."""
        exact = Exact(law)
        mean = exact.moment(mpf(0), 1)
        variance = exact.moment(mean, 2)

        assert law.mean() == pytest.approx(float(mean), rel=1e-14)
        assert law.var() == pytest.approx(float(variance), rel=1e-12)

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_density_is_the_slope(self, law: Interpolated) -> None:
        """The density is the slope of the distribution function, in the tails and between."""
        p = np.array([1e-4, 0.04, 0.1, 0.25, 0.45, 0.6, 0.77, 0.93, 0.99])
        x = law.ppf(p)
        step = 1e-6 * np.abs(x - law.ppf(0.9 * p))
        slope = (law.cdf(x + step) - law.cdf(x - step)) / (2.0 * step)

        assert law.pdf(x) == pytest.approx(slope, rel=1e-6)

    @pytest.mark.parametrize("law", LAWS, ids=repr)
    def test_smooth_at_the_points(self, law: Interpolated) -> None:
        """The density does not jump at a stated quantile."""
        for p, x in law.quantiles:
            step = 1e-11 * float(law.ppf(np.array(0.5 + 0.5 * p)) - x)
            left, right = law.pdf(np.array([x - step, x + step]))

            # Steep, at most, as from 1.1 to 30 within five per cent of the mass.
            assert left == pytest.approx(right, rel=1e-4)

    def test_support(self) -> None:
        """Normal tails go on for ever; lognormal ones end at zero, where there is no density."""
        lognormal, normal = LAWS[0], LAWS[1]
        places = np.array([-np.inf, -1.0, 0.0])

        assert (normal.support(), lognormal.support()) == ((-math.inf, math.inf), (0.0, math.inf))
        assert lognormal.cdf(places).tolist() == [0.0] * 3
        assert lognormal.sf(places).tolist() == [1.0] * 3
        assert lognormal.pdf(places).tolist() == [0.0] * 3
        assert normal.pdf(places).tolist()[1:] != [0.0, 0.0]

    @pytest.mark.parametrize("law", LAWS[:2], ids=repr)
    def test_ends(self, law: Interpolated) -> None:
        """Probabilities of none and all give the ends of the support, and back."""
        low, high = law.support()

        assert law.ppf(np.array([0.0, 1.0])).tolist() == [low, high]
        assert law.isf(np.array([0.0, 1.0])).tolist() == [high, low]
        assert law.cdf(np.array([low, high])).tolist() == [0.0, 1.0]
        assert law.sf(np.array([low, high])).tolist() == [1.0, 0.0]

    def test_draws_are_the_scores_of_the_generator(self) -> None:
        """Draws come from normal scores, so that a moved quantile changes no other draw."""
        law = LAWS[0]
        z = np.random.default_rng(20260101).standard_normal(5)

        drawn = law.draw(np.random.default_rng(20260101), 5)
        assert drawn.tolist() == law.at_score(z).tolist()

    def test_moment_out_of_reach(self) -> None:
        """A moment beyond the largest float is refused, not returned as infinite."""
        law = Interpolated(((0.4, 0.01), (0.6, 1e6)), "lognormal")
        for ask, what in ((law.mean, "mean"), (law.var, "mean")):
            with pytest.raises(MomentError) as caught:
                ask()

            assert str(caught.value) == (
                f"the {what} of {law!r} is too large to be computed. "
                f"Use median() and interval(confidence), which always exist."
            )

    def test_variance_out_of_reach(self) -> None:
        """A variance is refused where only the mean is within reach."""
        law = Interpolated(((0.4, 0.01), (0.6, 100.0)), "lognormal")

        assert math.isfinite(law.mean())
        with pytest.raises(MomentError, match="the variance of Interpolated"):
            law.var()

    def test_equality_and_pickle(self) -> None:
        """The law is its points and its tails."""
        law = LAWS[0]

        assert pickle.loads(pickle.dumps(law)) == law
        assert law != LAWS[1]
        assert (
            law.key
            == repr(law)
            == (
                "Interpolated(quantiles=((0.05, 14500.0), (0.5, 17000.0), (0.95, 23000.0)), "
                "tails='lognormal')"
            )
        )

    @given(
        st.lists(st.floats(1e-6, 1.0 - 1e-6), min_size=2, max_size=7, unique=True),
        st.lists(st.floats(1e-3, 1e3), min_size=7, max_size=7),
        st.sampled_from(["normal", "lognormal"]),
    )
    def test_always_rises(self, p: list[float], steps: list[float], tails: Tails) -> None:
        """Whatever rises in the statement, the quantile function rises strictly everywhere."""
        values = np.cumsum(steps)[: len(p)]
        assume(min(np.diff(sorted(p))) > 1e-3)
        law = Interpolated(tuple(zip(sorted(p), values.tolist(), strict=True)), tails)
        z = np.linspace(-8.0, 8.0, 401)

        assert (np.diff(law.curve().at(z)) > 0.0).all()
        assert (law.curve().slope(z) > 0.0).all()
        for q, value in zip(sorted(p), values, strict=True):
            assert float(law.ppf(np.array(q))) == pytest.approx(value, rel=1e-12)
