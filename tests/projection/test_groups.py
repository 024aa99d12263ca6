import numpy as np

from attrition.accounts import Per, Period
from attrition.projection import (
    Change,
    Common,
    Exposure,
    Hospital,
    LaterMix,
    Projection,
    Surge,
    Trend,
    Variation,
)
from attrition.projection.groups import Group, groups_of, roles_of
from attrition.uncertain import about, correlate, from_joint_draws
from tests.projection.futures import (
    CLAIMED,
    MIX,
    MONTHLY,
    back,
    claimed,
    future,
    intake,
    losses,
)

SUMMER = Period.months(2026, 6, count=3)
SPRING = Period.months(2026, 3, count=2)


def groups(of: Projection) -> list[Group]:
    """The groups of a projection."""
    return groups_of(of._future.model, of._future.inputs)


def names(of: Projection) -> list[str]:
    """Their names."""
    return [group.name for group in groups(of)]


class TestRoles:
    def test_every_input_has_one(self) -> None:
        """Roles come in the order in which the model takes its inputs."""
        changes: list[Change | Surge] = [
            Change(factor=1.2, during=SPRING),
            Surge(people=5_000, during=SUMMER),
            Change(factor=0.9, during=SUMMER),
        ]
        lost = losses(
            category=CLAIMED,
            trend=Trend(per_year=0.1, form="linear"),
            changes=changes,
            variation=MONTHLY,
            exposure=Exposure(power=0.5, at=600_000),
        )
        year = future(
            lost=lost,
            other=[losses(100), intake(200), losses(900)],
            returns=back(
                hospital=Hospital.from_losses([claimed(35_000, Period.month(2026, 1))]),
            ),
        )

        assert roles_of(year._future.model) == [
            "start",
            "losses, level",
            "losses, trend",
            "losses, change 1",
            "losses, change 2",
            "losses, surge",
            "losses, noise",
            "losses, strength of the level",
            "recruitment, level",
            "other losses 1, level",
            "other arrivals, level",
            "other losses 2, level",
            "share that returns",
            "losses before the start",
        ]
        assert len(year._future.inputs) == len(roles_of(year._future.model))


class TestGroups:
    def test_what_is_known_is_in_none(self) -> None:
        """A number without spread is in no group, and every other one in its own."""
        year = future(712_000, losses(about(40_000, sd=3_000)), intake(about(35_000, sd=2_000)))

        assert names(year) == ["losses, level", "recruitment, level"]
        assert [group.places for group in groups(year)] == [(1,), (2,)]

    def test_name_of_the_caller(self) -> None:
        """An input goes by the name that it was given."""
        year = future(about(712_000, sd=20_000), losses(about(40_000, sd=3_000, name="claim")))

        assert names(year) == ["start", "claim"]

    def test_one_unknown_in_several_inputs(self) -> None:
        """Inputs that share one unknown are one group, which that one number moves."""
        bias = about(1.0, sd=0.1, name="bias")
        other = about(1.0, sd=0.1)
        for scale, name in ((bias, "bias"), (other, "losses, level and recruitment, level")):
            (group,) = groups(future(712_000, losses(40_000 * scale), intake(35_000 * scale)))

            assert group.name == name
            assert group.places == (1, 2)
            assert group.number is scale.node

    def test_chains(self) -> None:
        """Two inputs that share nothing are one group where a third one shares with both."""
        one, two = about(20_000, sd=2_000), about(20_000, sd=1_000)
        start = about(700_000, sd=9_000)
        year = future(start + 9 * one, losses(two), intake(one + two))
        (group,) = groups(year)

        assert group.places == (0, 1, 2)
        assert group.name == "start and losses, level and recruitment, level"
        assert group.number is None

    def test_correlated_inputs(self) -> None:
        """Numbers that were tied are one group, which no single number moves."""
        lost, joined = correlate([about(40_000, sd=3_000), about(35_000, sd=2_000)], spearman=0.6)
        drawn = from_joint_draws({"a": np.arange(9.0) + 40_000, "b": np.arange(9.0) ** 2 + 30_000})
        for a, b in ((lost, joined), (drawn["a"], drawn["b"])):
            (group,) = groups(future(712_000, losses(a), intake(b)))

            assert group.places == (1, 2)
            assert group.number is None

    def test_one_input_of_several_unknowns(self) -> None:
        """An input is one number, however many unknowns it is made of."""
        year = future(712_000, losses(category=CLAIMED), returns=back(MIX))
        (group,) = groups(year)

        assert group.name == "share that returns"
        assert group.number is year._future.inputs[group.places[0]]

    def test_mixes_by_date(self) -> None:
        """Two mixes that share a ratio are one group."""
        later = LaterMix(mix=MIX, start=SUMMER.start)
        returns = back(MIX)
        year = future(
            712_000,
            losses(category=CLAIMED),
            returns=type(returns)(
                mix=MIX, delay=returns.delay, hospital=returns.hospital, later=[later]
            ),
        )

        assert names(year) == ["share that returns 1 and share that returns 2"]

    def test_luck(self) -> None:
        """The luck of small counts is a group of each process."""
        year = future(2_500, losses(about(100, sd=9)), intake(0), other=[losses(200)])

        assert names(year) == [
            "losses, level",
            "losses, luck",
            "recruitment, luck",
            "other losses, luck",
        ]

    def test_noise(self) -> None:
        """Noise is a group of each process, unless shocks are common, and never one number."""
        common = Variation(
            lasting_sd=0.1,
            persistence=0.5,
            passing_sd=0.1,
            per=Per.MONTH,
            common=Common(name="front", loading=0.5),
        )
        apart = future(712_000, losses(variation=MONTHLY), intake(variation=MONTHLY))
        shared = future(712_000, losses(variation=common), intake(variation=common))

        assert names(apart) == ["losses, noise", "recruitment, noise"]
        assert names(shared) == ["losses, noise and recruitment, noise"]
        assert [group.number for group in groups(apart) + groups(shared)] == [None, None, None]
