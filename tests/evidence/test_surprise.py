import math

import numpy as np
import pytest
from scipy import stats

from attrition.evidence import Claim
from attrition.evidence.statements import Problem, problem_of
from attrition.evidence.surprise import linear_contradiction, weighed_contradiction
from attrition.evidence.worlds import worlds_given
from attrition.uncertain import Uncertain, about, between, correlate, from_draws, uniform

X, Y = about(31_000, sd=5_000), about(35_000, sd=4_000)
GAP = Claim(relation=X - Y, value=about(9_000, sd=6_000), scale="difference", name="gap")
LOST = Claim(relation=X, value=about(44_000, sd=2_700), scale="difference", name="lost")
JOINED = Claim(relation=Y, value=about(22_000, sd=1_300), scale="difference", name="joined")

MILD = (
    Claim(relation=X + Y, value=about(60_000, sd=3_000), scale="difference", name="sum"),
    Claim(relation=X, value=about(34_000, sd=1_500), scale="difference", name="lost"),
    Claim(relation=Y, value=about(37_000, sd=2_500), scale="difference", name="joined"),
)


def problem(*claims: Claim, **more: Uncertain) -> Problem:
    """Claims on losses, recruits and more."""
    return problem_of({"x": X, "y": Y} | more, claims)


class TestLinearContradiction:
    def test_one_claim(self) -> None:
        """One claim on a normal number: the two-sided tail of its distance from the prior."""
        found = problem(GAP)
        assert found.linear is not None
        told = linear_contradiction(found, found.linear)
        z = (9_000 + 4_000) / math.sqrt(5_000**2 + 4_000**2 + 6_000**2)

        assert told.p_value == pytest.approx(2 * stats.norm.sf(z), rel=1e-12)
        assert told.by_claim == pytest.approx({"gap": told.p_value}, rel=1e-9)
        assert (told.among_claims, told.method, told.error) == (None, "exact", 0.0)

    def test_three_claims(self) -> None:
        """Chi-square of the figures in their prior-predictive covariance."""
        found = problem(GAP, LOST, JOINED)
        assert found.linear is not None
        told = linear_contradiction(found, found.linear)
        G = np.array([[1.0, -1.0], [1.0, 0.0], [0.0, 1.0]])
        S = G @ np.diag([25e6, 16e6]) @ G.T + np.diag([6_000, 2_700, 1_300]) ** 2.0
        off = np.array([9_000, 44_000, 22_000]) - G @ [31_000, 35_000]

        assert told.p_value == pytest.approx(
            stats.chi2.sf(off @ np.linalg.solve(S, off), 3), rel=1e-9
        )
        # Given the other two, by the inverse of the covariance.
        P = np.linalg.inv(S)
        z = (P @ off) / np.sqrt(np.diag(P))
        wanted = dict(zip(("gap", "lost", "joined"), 2 * stats.norm.sf(np.abs(z)), strict=True))
        assert told.by_claim == pytest.approx(wanted, rel=1e-9)
        # 44,000 - 22,000 is 22,000, and 9,000 was claimed.
        sd = math.hypot(6_000, 2_700, 1_300)
        assert told.among_claims == pytest.approx(2 * stats.norm.sf(13_000 / sd), rel=1e-9)


class TestWeighedContradiction:
    @pytest.mark.parametrize("claims", [(GAP,), (LOST, JOINED), (GAP, LOST, JOINED), MILD])
    def test_normal_claims(self, claims: tuple[Claim, ...]) -> None:
        """Where there is a closed form, worlds give its numbers within their error."""
        found = problem(*claims)
        assert found.linear is not None
        exact, told = linear_contradiction(found, found.linear), weighed_contradiction(found)

        assert told.method == "importance"
        assert told.p_value == pytest.approx(exact.p_value, abs=5 * told.error)
        # Of tens of thousands of worlds, as many as lie beyond, give or take their root.
        assert told.by_claim == pytest.approx(exact.by_claim, abs=2e-3, rel=0.02)
        if exact.among_claims is None:
            assert told.among_claims is None
        else:
            assert told.among_claims == pytest.approx(exact.among_claims, rel=1e-6)

    def test_correlated_values(self) -> None:
        """Errors that go together make a difference between sources more telling."""
        values = correlate([about(31_000, sd=1_500), about(34_000, sd=1_500)], normal_scores=0.8)
        pair = [Claim(relation=X, value=value, scale="difference") for value in values]
        apart = math.sqrt(2 * 1_500**2 * (1 - 0.8))

        assert weighed_contradiction(problem(*pair)).among_claims == pytest.approx(
            2 * stats.norm.sf(3_000 / apart), rel=1e-6
        )

    def test_impossible_without_one(self) -> None:
        """A claim that saves the others from what they exclude: its own tail is nothing."""
        share = uniform(0, 1)
        claims = [
            Claim(relation=share, value=uniform(0.5, 2), scale="difference"),
            Claim(relation=share, value=about(0.2, sd=0.1), scale="difference"),
        ]
        told = weighed_contradiction(problem(*claims, share=share))

        # Uniform from 0.5 to 1 against a normal figure at 0.2, whose error is 0.1.
        p = 2 * np.mean(stats.norm.cdf((0.2 - np.linspace(0.5, 1, 100_001)) / 0.1))
        assert told.by_claim["claim 2"] == pytest.approx(p, abs=1e-3)

    def test_claims_that_the_others_leave_no_room_for(self) -> None:
        """Where the others are impossible, nothing can be foretold from them."""
        share = uniform(0, 1)
        claims = [
            Claim(relation=share, value=uniform(0.2, 0.3), scale="difference", name="low"),
            Claim(relation=share, value=uniform(0.7, 0.8), scale="difference", name="high"),
            Claim(relation=share, value=about(0.5, sd=0.1), scale="difference", name="middle"),
        ]

        told = weighed_contradiction(problem(*claims, share=share))

        assert told.by_claim["middle"] == 0.0
        assert told.among_claims is None

    def test_no_slopes_of_draws(self) -> None:
        """Claims on draws are not compared with each other alone."""
        drawn = from_draws(np.random.default_rng(20260101).normal(30_000, 3_000, 200))
        claims = [
            Claim(relation=drawn, value=about(v, sd=2_000), scale="difference")
            for v in (28_000, 33_000)
        ]

        assert weighed_contradiction(problem(*claims, drawn=drawn)).among_claims is None

    def test_lognormal_claims_to_first_order(self) -> None:
        """On the log scale lognormal claims against each other are exact also from worlds."""
        k = between(5_000, 20_000, confidence=0.9, family="lognormal")
        values = [
            between(a, b, confidence=0.9, family="lognormal")
            for a, b in ((6_000, 9_000), (9_000, 16_000))
        ]
        claims = [Claim(relation=k, value=value, scale="log") for value in values]
        found = problem(*claims, k=k)
        assert found.linear is not None
        assert worlds_given(found.statements, []) is not None

        assert weighed_contradiction(found).among_claims == pytest.approx(
            linear_contradiction(found, found.linear).among_claims, rel=1e-6
        )
