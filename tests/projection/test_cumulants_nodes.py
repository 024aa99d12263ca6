import itertools
import math
from datetime import date

import attrs
import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Period
from attrition.projection import Change, Hospital, Ramp, Surge, Trend
from attrition.projection.cumulants import Given, _ends, components_of, given_all
from attrition.projection.profiles import at_values
from attrition.projection.response import Response
from attrition.projection.splitting import MISSED, Split, missed_by
from attrition.uncertain import about, between, share
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, intake, losses
from tests.projection.responses import asked
from tests.projection.test_cumulants import brute, log_covariance, ways

START = about(712_000, sd=20_000)
LOST = between(38_000, 50_000, confidence=0.9, family="lognormal")
JOINED = between(31_000, 38_000, confidence=0.9, family="lognormal")
ARRIVING = share(0.6, 0.9, confidence=0.9)
END = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]]
CHANGES: list[Change | Ramp | Surge] = [
    Change(factor=about(1.3, sd=0.2, positive=True), during=Period.months(2026, 3, count=2)),
    Change(level=between(3e4, 4e4, confidence=0.9, family="lognormal"), start=date(2026, 7, 1)),
    Surge(people=about(9_000, sd=3_000, positive=True), during=Period.month(2026, 4)),
]


def given(parts: Split, *, more: int = 0) -> Given:
    """The moments at every node."""
    made = given_all(parts, more=more)
    assert made is not None
    return made


class TestEnds:
    def test_a_line(self) -> None:
        """What is linear follows from its least and its largest value, in any order."""
        values = np.array([3.0, -1.0, 7.0, 5.0])
        ends, shares = _ends(values, linear=True)

        assert ends.tolist() == [-1.0, 7.0]
        np.testing.assert_allclose((2.0 * ends - 5.0) @ shares, 2.0 * values - 5.0, rtol=1e-12)

    @pytest.mark.parametrize(("size", "linear"), [(5, False), (2, True), (1, True)])
    def test_each_value(self, size: int, *, linear: bool) -> None:
        """What is not linear, or has two values at most, is looked at everywhere."""
        values = np.arange(float(size)) + 3.0
        ends, shares = _ends(values, linear=linear)

        assert ends.tolist() == values.tolist()
        assert shares.tolist() == np.eye(size).tolist()


class TestNodes:
    @pytest.mark.parametrize("more", [0, 2])
    def test_a_product_of_rules(self, more: int) -> None:
        """Nodes are the product of the rules of the outer axes, and three of each merged one."""
        response = asked(START, losses(LOST), intake(JOINED * ARRIVING), weights=END)
        for parts in ways(response):
            made, axes = given(parts, more=more), parts.look.axes
            nodes = zip(parts.outer, parts.nodes, strict=True)
            rules = [axes[place].rule(size + more) for place, size in nodes]
            rules += [axes[place].rule_in_value(3) for place in parts.merged]
            places = np.array([*itertools.product(*(values for values, _ in rules))])
            every = itertools.product(*(weights for _, weights in rules))
            weights = np.array([math.prod(one) for one in every])
            rows = [*parts.outer, *parts.merged]
            # The corners of the outer axes that are left out weigh less than 1e-5 together.
            inside = {tuple(node) for node in made.places[rows].T}
            kept = [tuple(place) in inside for place in places]

            assert 0.0 <= 1.0 - weights[kept].sum() <= 1e-5
            np.testing.assert_array_equal(made.places[rows].T, places[kept])
            expected = weights[kept] / weights[kept].sum()
            np.testing.assert_allclose(made.components.weights, expected, rtol=1e-12)

    def test_the_others_are_in_the_middle(self) -> None:
        """What is not integrated by nodes is in the middle at all of them."""
        parts = ways(asked(START, losses(LOST)))[-1]
        rest = [place for place in range(len(parts.look.axes)) if place not in parts.outer]
        middle = parts.look.middle[rest]

        assert (np.ptp(given(parts).places[rest], axis=1) == 0.0).all()
        assert given(parts).places[rest, 0].tolist() == middle.tolist()


def responses() -> dict[str, Response]:
    """Of many kinds of inputs."""
    growth = about(0.2, sd=0.2)
    level = 1.4 * LOST
    returns = back(MIX, hospital=Hospital.steady())
    line = Trend(per_year=growth, form="linear")
    compound = Trend(per_year=growth, form="exponential")
    return {
        "levels": asked(START, losses(LOST), intake(JOINED * ARRIVING)),
        "returns": asked(START, losses(level, CLAIMED), intake(JOINED), returns=returns),
        "line": asked(START, losses(LOST, trend=line), intake(JOINED)),
        "compound": asked(START, losses(LOST, trend=compound), intake(JOINED)),
        "changes": asked(START, losses(LOST, changes=CHANGES), intake(JOINED)),
        "noise": asked(START, losses(LOST, variation=MONTHLY, trend=compound, changes=CHANGES)),
        "shared": asked(START, losses(JOINED * 1.2), intake(JOINED * ARRIVING)),
        "rest": asked(START, losses(LOST), weights=END, rest=(-0.9 * JOINED * ARRIVING,)),
    }


RESPONSES = responses()


class TestSumsByEnds:
    @pytest.mark.parametrize("kind", RESPONSES)
    def test_the_sums_themselves(self, kind: str) -> None:
        """Sums that follow from the ends of axes are those of an evaluation at every node."""
        response = RESPONSES[kind]
        for parts in ways(response):
            made = given(parts)
            direct = response.sums(at_values(response, parts.look.axes, made.places))

            expected = direct + parts.small[0][:, None]
            np.testing.assert_allclose(made.components.mean, expected, rtol=1e-9)

    @pytest.mark.parametrize("kind", RESPONSES)
    def test_what_is_inner(self, kind: str) -> None:
        """What the inner ones do at a node is what a step up does there."""
        response = RESPONSES[kind]
        parts = ways(response)[-1]
        made, axes = given(parts), parts.look.axes
        centre = response.sums(at_values(response, axes, made.places))
        plain = np.zeros(centre.shape) + parts.small[1][:, None]
        for place in parts.inner:
            moved = made.places.copy()
            moved[place] = parts.look.up[place]
            plain += (response.sums(at_values(response, axes, moved)) - centre) ** 2

        assert parts.inner
        np.testing.assert_allclose(made.plain, plain, rtol=1e-6)

    def test_an_inner_level_beside_its_growth(self) -> None:
        """A normal level does more where it grows more."""
        growth = about(0.2, sd=0.2)
        trend = Trend(per_year=growth, form="exponential")
        parts = ways(asked(START, losses(about(44_000, sd=4_000), trend=trend), weights=END))[-1]
        made = given(parts)
        grown = 1.0 + made.places[parts.outer[0]]
        months = sum(grown ** (month / 12.0) for month in range(6))

        np.testing.assert_allclose(made.plain[0], 20_000.0**2 + (4_000 * months) ** 2, rtol=1e-9)


class TestComponentsOf:
    def test_nothing_merged(self) -> None:
        """Where nothing is merged the components are the nodes."""
        parts = ways(RESPONSES["levels"])[-1]
        components = components_of(parts)
        assert components is not None

        for one, other in zip(components, given(parts).components, strict=True):
            np.testing.assert_array_equal(one, other)

    @pytest.mark.parametrize("kind", ["returns", "line", "compound", "changes", "shared"])
    def test_merging_keeps_three_moments(self, kind: str) -> None:
        """However many are merged, the whole keeps mean, variance and third moment."""
        found = ways(RESPONSES[kind])
        assert found[0].merged
        for parts in found:
            components, fine = components_of(parts), given(parts).components
            assert components is not None
            assert components.weights.size * 3 ** len(parts.merged) == fine.weights.size
            np.testing.assert_allclose(components.moments, fine.moments, rtol=1e-8)

    def test_levels_merged_into_one_law(self) -> None:
        """A law of everything at once has the moments of the sum."""
        joined = about(35_000, sd=700, positive=True)
        parts = ways(asked(START, joined=intake(joined), weights=END))[0]
        components = components_of(parts)
        assert components is not None
        skew = float(stats.lognorm(math.sqrt(math.log1p(0.02**2))).stats("s"))

        assert len(parts.merged) == 1
        assert components.weights.tolist() == pytest.approx([1.0], rel=1e-15)
        assert components.mean[0] == pytest.approx([712_000 - 6 * 9_000], rel=1e-9)
        assert components.var[0] == pytest.approx([4e8 + 4_200.0**2], rel=1e-7)
        assert components.third[0] == pytest.approx([skew * 4_200.0**3], rel=1e-3)

    @pytest.mark.parametrize(("sd", "fits"), [(800.0, True), (1_800.0, False)])
    def test_a_level_that_scales_its_noise(self, sd: float, *, fits: bool) -> None:
        """A normal level is merged, but not where the noise that it scales gets heavy tails."""
        lost = losses(about(44_000, sd=sd), variation=MONTHLY)
        parts = ways(asked(START, lost, weights=END))[0]
        second, _ = brute(np.ones(6), log_covariance(6, 0.15, 0.08))
        # Given the level the variance is 4e8 + level^2 second: what its own variance adds to the
        # fourth cumulant is most of what is lacking.
        level = np.array([44_000.0, sd])
        spread = second**2 * (2.0 * sd**4 + 4.0 * level[0] ** 2 * sd**2)
        var = 4e8 + (level @ level) * second + 36.0 * sd**2
        missed = missed_by(np.array([3.0 * spread]), np.array([var]))

        assert len(parts.merged) == 1
        assert (components_of(parts) is not None) == fits
        assert missed < MISSED if fits else missed > MISSED

    def test_too_many_profiles(self) -> None:
        """Where the noise takes too many profiles there are no components, merged or not."""
        months = [*((2026, month) for month in range(2, 13))]
        changes = [
            Change(factor=about(1, sd=0.02, positive=True), during=Period.months(y, m, count=1))
            for y, m in months
        ]
        tame = attrs.evolve(MONTHLY, lasting_sd=0.02, passing_sd=0.02)
        response = asked(
            about(2e6, sd=3e3),
            losses(44_000, variation=tame, changes=changes),
            until=date(2027, 2, 1),
            weights=[[*np.zeros(12), 1.0]],
        )
        found = ways(response)

        assert found
        assert [components_of(parts) for parts in found] == [None] * len(found)
