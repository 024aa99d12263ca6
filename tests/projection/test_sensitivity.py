import math
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from matplotlib.figure import Figure

from attrition._typing import FloatArray
from attrition.accounts import Period
from attrition.errors import MomentError, PeriodError, ProjectionError
from attrition.projection import (
    Change,
    Hospital,
    Influence,
    Projection,
    Sensitivity,
    Surge,
    Trend,
)
from attrition.projection.groups import Group, groups_of
from attrition.uncertain import Uncertain, about, correlate
from attrition.uncertain.node import evaluate, in_order, unknowns
from tests.projection.futures import CLAIMED, MIX, MONTHLY, back, future, intake, losses

A_YEAR_ON = date(2027, 2, 1)
START = about(712_000, sd=20_000)
SCORE = 1.6448536269514722


def row(found: Sensitivity, name: str) -> Influence:
    """The group of this name."""
    (one,) = (group for group in found.groups if group.name == name)
    return one


def linear() -> Projection:
    """Three independent normals and a year: strength is 20 z - 12 * 2.5 z' + 12 * 2 z''."""
    return future(START, losses(about(44_000, sd=2_500)), intake(about(35_000, sd=2_000)))


def busy() -> Projection:
    """Noise, a trend, a change and returns in three years."""
    return future(
        START,
        losses(
            about(44_000, relative=0.2, confidence=0.9, positive=True),
            CLAIMED,
            variation=MONTHLY,
            changes=[Change(factor=about(1.2, sd=0.1), during=Period.months(2026, 8, count=4))],
        ),
        intake(
            about(35_000, sd=2_000),
            variation=MONTHLY,
            trend=Trend(per_year=about(-0.03, sd=0.05), form="linear"),
        ),
        returns=back(MIX, hospital=Hospital.steady()),
    )


def sinking() -> Projection:
    """A force that comes to an end in many futures, so that losses are cut."""
    return future(
        about(150_000, sd=20_000),
        losses(about(44_000, sd=6_000), variation=MONTHLY),
        intake(about(35_000, sd=2_000)),
    )


class TestShares:
    def test_linear(self) -> None:
        """Of independent normals each share is that of its variance, and nothing is left."""
        found = linear().sensitivity()
        variances = {"losses, level": 30.0**2, "recruitment, level": 24.0**2, "start": 20.0**2}
        whole = sum(variances.values())

        assert [group.name for group in found.groups] == [*variances]
        for name, variance in variances.items():
            assert row(found, name).first == pytest.approx(variance / whole, rel=1e-9)
            assert row(found, name).total == pytest.approx(variance / whole, rel=1e-9)
        assert found.interaction == pytest.approx(0.0, abs=1e-9)
        assert found.std == pytest.approx(1_000 * math.sqrt(whole), rel=1e-9)
        assert found.mean == pytest.approx(604_000, rel=1e-9)
        assert (found.method, found.on) == ("lattice", A_YEAR_ON)
        assert found.error < 1e-9
        assert found.mean_error < 1e-6

    def test_product_of_lognormals(self) -> None:
        """A level times a factor has the shares of a product of two lognormals."""
        level = about(44_000, relative=0.4, confidence=0.9, positive=True)
        factor = about(1.1, relative=0.3, confidence=0.9, positive=True)
        whole_year = Change(factor=factor, during=Period.months(2026, 2, count=12))
        found = future(2_000_000, losses(level, changes=[whole_year])).sensitivity()
        # exp(s^2) - 1 of each, with the half width of the 90 % interval in the log.
        one, two = (math.expm1((math.log(w) / SCORE) ** 2) for w in (1.4, 1.3))
        whole = (1.0 + one) * (1.0 + two) - 1.0

        assert row(found, "losses, level").first == pytest.approx(one / whole, abs=5e-4)
        assert row(found, "losses, change").first == pytest.approx(two / whole, abs=5e-4)
        assert row(found, "losses, level").total == pytest.approx(
            one * (1.0 + two) / whole, abs=5e-4
        )
        assert found.interaction == pytest.approx(one * two / whole, abs=5e-4)

    @pytest.mark.parametrize("make", [busy, sinking])
    def test_against_random_pairs(self, make: Callable[[], Projection]) -> None:
        """A plain estimate from half a million random pairs of futures gives the same shares."""
        year = make()
        found, plain = year.sensitivity(), plainly(year)

        assert len(plain.names) == len(found.groups)
        for name, first, total, error in zip(*plain, strict=True):
            allowed = 5.0 * math.hypot(error, found.error)
            assert row(found, name).first == pytest.approx(first, abs=allowed)
            assert row(found, name).total == pytest.approx(total, abs=allowed)
        assert found.error < 0.003

    def test_what_is_tied_is_one_group(self) -> None:
        """Two levels that were correlated have one share, of the variance of both."""
        lost, joined = correlate(
            [about(44_000, sd=2_500), about(35_000, sd=2_000)], normal_scores=0.6
        )
        found = future(START, losses(lost), intake(joined)).sensitivity()
        tied = 144.0 * (2.5**2 + 2.0**2 - 2.0 * 0.6 * 2.5 * 2.0)

        one = row(found, "losses, level and recruitment, level")
        assert one.first == pytest.approx(tied / (tied + 400.0), abs=2e-3)
        assert (one.low, one.high, one.reach) == (None, None, None)

    def test_luck_of_small_counts(self) -> None:
        """A Poisson count has the share of its variance, which is its mean."""
        found = future(about(10_000, sd=30), losses(100), intake(about(200, sd=1))).sensitivity()
        whole = 12 * 100 + 12 * 200 + 30**2 + 12**2

        assert row(found, "losses, luck").first == pytest.approx(1_200 / whole, abs=2e-3)
        assert row(found, "recruitment, luck").first == pytest.approx(2_400 / whole, abs=2e-3)
        assert row(found, "start").first == pytest.approx(900 / whole, abs=2e-3)

    def test_what_does_nothing_yet(self) -> None:
        """A change after the date has no share of it."""
        later = Surge(people=about(50_000, sd=9_000), during=Period.month(2026, 12))
        found = future(START, losses(about(44_000, sd=2_500), changes=[later])).sensitivity(
            on=date(2026, 8, 1)
        )

        assert row(found, "losses, surge").total == pytest.approx(0.0, abs=1e-12)
        assert row(found, "start").first == pytest.approx(400 / (400 + 36 * 2.5**2), rel=1e-9)

    def test_the_start(self) -> None:
        """At the start strength is the figure of the force, and nothing else matters."""
        found = busy().sensitivity(on=date(2026, 2, 1))

        assert found.groups[0].name == "start"
        assert found.groups[0].first == pytest.approx(1.0, rel=1e-9)
        assert found.std == pytest.approx(20_000, rel=1e-9)

    def test_same_every_time(self) -> None:
        """There is no chance in the answer."""
        assert busy().sensitivity().groups == busy().sensitivity().groups


class TestEnds:
    def test_linear(self) -> None:
        """Mean strength moves with the quantile of the input, months times."""
        found = linear().sensitivity()
        expected = {
            "start": 20_000 * SCORE,
            "losses, level": -30_000 * SCORE,
            "recruitment, level": 24_000 * SCORE,
        }
        for name, up in expected.items():
            assert row(found, name).low == pytest.approx(604_000 - up, rel=1e-9)
            assert row(found, name).high == pytest.approx(604_000 + up, rel=1e-9)
            assert row(found, name).reach == pytest.approx(2 * abs(up), rel=1e-9)

    def test_others_stay_uncertain(self) -> None:
        """An end is the mean over all other inputs, not strength at their medians."""
        level = about(44_000, relative=0.4, confidence=0.9, positive=True)
        factor = about(1.1, relative=0.3, confidence=0.9, positive=True)
        whole_year = Change(factor=factor, during=Period.months(2026, 2, count=12))
        found = future(2_000_000, losses(level, changes=[whole_year])).sensitivity()
        high = 2_000_000 + 12 * (35_000 - 44_000 * 1.4 * factor.mean())

        assert row(found, "losses, level").high == pytest.approx(high, abs=5 * found.mean_error)
        assert 0.0 < found.mean_error < 200.0

    def test_one_unknown_behind_two_inputs(self) -> None:
        """A bias that two inputs share moves both."""
        bias = about(1.0, sd=0.05, name="bias")
        found = future(START, losses(44_000 * bias), intake(35_000 * bias)).sensitivity()

        assert row(found, "bias").high == pytest.approx(
            604_000 - 12 * 9_000 * 0.05 * SCORE, rel=1e-9
        )

    def test_ranked(self) -> None:
        """The longest reach comes first, and noise has none."""
        found = busy().sensitivity()
        reaches = [group.reach or 0.0 for group in found.ranked]

        assert reaches == sorted(reaches, reverse=True)
        assert len(found.ranked) == len(found.groups) - 2
        assert row(found, "losses, noise").reach is None


class TestRefused:
    def test_known_strength(self) -> None:
        """Where nothing is unknown there is nothing to share out."""
        year = future(712_000, losses(about(44_000, sd=2_500)))
        with pytest.raises(ProjectionError) as caught:
            year.sensitivity(on=date(2026, 2, 1))

        assert str(caught.value) == (
            "strength on 2026-02-01 is 712,000 whatever else happens: expected a date on which "
            "it is not known. Leave on out for the end of the projection, or give the inputs "
            "their spread, for example about(35_000, relative=0.1, confidence=0.9)."
        )

    def test_no_variance(self) -> None:
        """An unknown whose variance is infinite has no share of anything."""
        from scipy import stats

        heavy = Uncertain.of(stats.pareto(1.5, scale=20_000))
        with pytest.raises(MomentError) as caught:
            future(START, losses(heavy)).sensitivity()

        assert str(caught.value) == (
            f"an input rests on {heavy.node.key}, which has no variance to share out: expected "  # type: ignore[union-attr] # a leaf
            f"unknowns with one. Truncate it, for example with truncate(x, low, high)."
        )

    def test_other_dates(self) -> None:
        """A date between two steps is refused as it is for strength."""
        with pytest.raises(PeriodError, match="2026-03-02"):
            linear().sensitivity(on=date(2026, 3, 2))


class TestText:
    def test_print(self) -> None:
        """The table says what each input does, what is left and what was varied."""
        noisy = future(START, losses(about(44_000, sd=2_500), variation=MONTHLY))
        lines = str(noisy.sensitivity()).splitlines()

        assert lines[0].startswith("strength on 2027-02-01: mean 60")
        assert lines[1].split("  ")[0] == "input"
        assert [line.split("  ")[0] for line in lines[3:6]] == [
            "losses, noise",
            "losses, level",
            "start",
        ]
        assert lines[3].rstrip().endswith("%")
        assert lines[6].startswith("together: 0.")
        assert "of the variance; shares by lattice, standard error up to 0.0" in lines[6]
        assert lines[7] == (
            "ends: mean strength with the input at its 5 % and its 95 % quantile, "
            "all others as uncertain"
        )

    def test_repr(self) -> None:
        """It says its date and how many groups there are."""
        found = linear().sensitivity()

        assert repr(found) == "<Sensitivity of strength on 2027-02-01, 3 groups>"


class TestPlot:
    def test_tornado(self) -> None:
        """Rows are the inputs that are single numbers, the longest reach on top."""
        found = busy().sensitivity()
        ax = Figure().subplots()

        assert found.plot(ax) is ax
        labels = [label.get_text() for label in ax.get_yticklabels()]
        assert labels == [group.name for group in found.ranked]
        assert ax.get_xlabel() == "mean strength on 2027-02-01, all other inputs uncertain"

    def test_axes_of_its_own(self) -> None:
        """Without axes it makes some."""
        from matplotlib import pyplot as plt

        ax = linear().sensitivity().plot()
        assert len(ax.get_yticklabels()) == 3
        plt.close("all")


class Plain(NamedTuple):
    """Shares from random pairs, one list for each of what is told of a group."""

    names: list[str]
    first: list[float]
    total: list[float]
    error: list[float]


def plainly(year: Projection) -> Plain:
    """Shares by Jansen's estimators on random pairs of futures, group by group."""
    model, inputs = year._future.model, year._future.inputs
    groups = groups_of(model, inputs)
    blocks = np.array([_block(year, groups, block) for block in range(32)])
    variance = blocks[:, 0].mean()
    means = blocks[:, 1:].mean(axis=0) / variance
    errors = blocks[:, 1:].std(axis=0) / variance / math.sqrt(32.0)
    one, two = np.split(means, 2)
    return Plain(
        [group.name for group in groups],
        (1.0 - one).tolist(),
        two.tolist(),
        np.maximum(*np.split(errors, 2)).tolist(),
    )


def _block(year: Projection, groups: list[Group], block: int) -> list[float]:
    """Variance, and half mean squares of what stays if a group is kept, and if it is changed."""
    rng = np.random.default_rng([20260101, block])
    one, two = (_inputs(year, rng, 16_384) for _ in range(2))
    at_one, at_two = _strength(year, one), _strength(year, two)
    kept, changed = [], []
    for group in groups:
        mixed = [two[i] if i in group.places else value for i, value in enumerate(one)]
        between = _strength(year, mixed)
        kept.append(float(np.mean((at_two - between) ** 2)) / 2.0)
        changed.append(float(np.mean((at_one - between) ** 2)) / 2.0)
    return [float(np.mean((at_one - at_two) ** 2)) / 2.0, *kept, *changed]


def _inputs(year: Projection, rng: np.random.Generator, n: int) -> list[FloatArray]:
    inputs = list(year._future.inputs)
    values = {one.uid: one.draw(rng, n) for one in unknowns(in_order(inputs))}
    return evaluate(inputs, lambda one: values[one.uid], n)


def _strength(year: Projection, inputs: list[FloatArray]) -> FloatArray:
    return np.asarray(year._future.model.run(inputs).strength[-1])
