import copy
import math
import operator
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from attrition.errors import NumberError, ParameterError, SupportWarning
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    draws,
    exactly,
    exp,
    from_draws,
    from_joint_draws,
    total_of,
    uniform,
)
from attrition.uncertain import operations as op
from attrition.uncertain.families import Normal
from attrition.uncertain.node import Apply, Known, Leaf, Node, Noise
from attrition.uncertain.number import combined, compared, node_of
from tests.accounts.records import unchecked
from tests.strategies import expressions

POSITIVE = between(1, 2, confidence=0.9, family="lognormal")


def _operation(node: Node) -> str:
    assert isinstance(node, Apply)
    return type(node.operation).__name__


class TestOf:
    def test_an_uncertain_number_passes(self) -> None:
        """An uncertain number stays the same object."""
        x = about(3, sd=1)

        assert Uncertain.of(x) is x

    @pytest.mark.parametrize("value", [35_000, 35_000.0, np.int32(35_000), np.float32(35_000)])
    def test_a_number_is_known(self, value: float) -> None:
        """A number of any kind is a known one."""
        assert Uncertain.of(value) == exactly(35_000)
        assert Uncertain.of(value).value == 35_000.0

    def test_every_distribution_is_a_new_unknown(self) -> None:
        """One frozen distribution twice is two independent unknowns."""
        gamma = stats.gamma(4)
        x, y = Uncertain.of(gamma), Uncertain.of(gamma)

        assert x != y
        assert (x - y).var() == pytest.approx(8.0, rel=1e-3)
        assert x.same_law(y)

    @pytest.mark.parametrize("value", [math.nan, math.inf])
    def test_what_is_not_finite(self, value: float) -> None:
        """Nan and infinity are refused."""
        with pytest.raises(ParameterError) as caught:
            Uncertain.of(value)
        assert str(caught.value) == (
            f"value is {value}: expected a finite number. "
            "Leave an unknown value out rather than marking it with nan or inf."
        )


class TestNameAndValue:
    def test_of_every_kind(self) -> None:
        """A leaf has its name, a known number its value, anything else neither."""
        x = about(3, sd=1, name="losses")
        column = from_joint_draws({"a": [1.0, 2.0]}, name="mix")["a"]

        assert (x.name, x.value) == ("losses", None)
        assert (exactly(3).name, exactly(3).value) == (None, 3.0)
        assert ((x + 1).name, (x + 1).value) == (None, None)
        assert (column.name, column.value) == (None, None)


class TestIdentity:
    def test_equal_is_the_same_unknown(self) -> None:
        """Two numbers of one law are two, the same expression of the same numbers is one."""
        x, y = about(3, sd=1), about(3, sd=1)

        assert x != y
        assert x + y == y + x
        assert x - y != y - x
        assert hash(x + y) == hash(y + x)
        assert len({x, y, x + y, y + x, +x}) == 3
        assert (x == 3) is False
        assert (x == "x") is False

    def test_known_numbers_are_their_value(self) -> None:
        """Equal known numbers are one."""
        assert exactly(3) == exactly(3.0)
        assert exactly(3) == exactly(1) + 2
        assert exactly(3) != exactly(4)
        assert exactly(0) == exactly(-0.0)

    def test_a_name_is_no_identity(self) -> None:
        """Two unknowns of one name are two, and may stand in different questions."""
        x, y = (about(3, sd=1, name="losses") for _ in range(2))

        assert x != y
        assert x.rvs(5, rng=20260101).tolist() == y.rvs(5, rng=20260101).tolist()

    def test_identity_never_influences_a_number(self) -> None:
        """Numbers stated alike give the same answers, whatever they are called inside."""
        first, second = (
            about(3, sd=1) * uniform(1, 2) * uniform(1, 2) + uniform(0, 1) for _ in range(2)
        )

        assert first != second
        assert first.summary() == second.summary()


class TestPickle:
    def test_ties_survive(self) -> None:
        """Numbers pickled apart are still the same unknowns."""
        x = about(3, sd=1, name="losses")
        y = 2.0 * x + uniform(0, 1)
        back_x, back_y = (pickle.loads(pickle.dumps(number)) for number in (x, y))

        assert (back_x.name, back_x) == ("losses", x)
        assert (back_y - y).std() == 0.0
        assert (back_y - 2.0 * back_x).interval(0.5) == pytest.approx((0.25, 0.75), abs=1e-6)

    def test_columns_stay_tied(self) -> None:
        """Columns pickled apart still belong to one joint."""
        tied = from_joint_draws({"a": [1.0, 2.0, 4.0], "b": [3.0, 6.0, 12.0]})
        back = {label: pickle.loads(pickle.dumps(x)) for label, x in tied.items()}

        assert (back["b"] / back["a"]).interval(0.9) == (3.0, 3.0)
        assert repr(back["b"]) == repr(tied["b"])

    @pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: _unpickled(x)])
    def test_a_sum_of_three_thousand(self, again: Callable[[Uncertain], Uncertain]) -> None:
        """A sum of 3,000 numbers is copied and pickled without recursion."""
        total = total_of(*(about(i, sd=1) for i in range(3_000)))

        assert again(total) == total
        assert (again(total) - total).std() == 0.0

    @settings(max_examples=40)
    @given(expressions())
    def test_any_expression(self, x: Uncertain) -> None:
        """Every expression is the same number after a pickle."""
        assert _unpickled(x) == x


def _unpickled(x: Uncertain) -> Uncertain:
    back = pickle.loads(pickle.dumps(x))
    assert isinstance(back, Uncertain)
    return back


class TestText:
    def test_of_every_kind(self) -> None:
        """The text shows what was stated, never an identity, so that two runs print alike."""
        x = about(3, sd=1.5)
        tied = from_joint_draws({"killed": [1.0, 2.0]})

        assert repr(exactly(1_234_567)) == "exactly(1234567)"
        assert repr(exactly(0.1)) == "exactly(0.1)"
        assert repr(x) == "Uncertain(Normal(centre=3.0, sd=1.5))"
        assert repr(about(3, sd=1.5, name="losses")) == (
            "Uncertain(Normal(centre=3.0, sd=1.5), 'losses')"
        )
        assert repr(tied["killed"]) == "Uncertain(column 'killed')"
        assert repr(x + 1) == "Uncertain(Add of 1 unknown)"
        assert repr((x + 1) / POSITIVE) == "Uncertain(Divide of 2 unknowns)"
        assert repr(Uncertain(Noise("steps", 3))) == "Uncertain(Noise of 1 unknown)"

    def test_for_people(self) -> None:
        """Printed, a number is its median with its 90 per cent interval."""
        assert (
            str(about(44_000, relative=0.1, confidence=0.9)) == "44,000 (39,600 to 48,400 at 90 %)"
        )


class TestSameLaw:
    def test_equal_laws(self) -> None:
        """Numbers of one law have it, in whatever form it was found."""
        a, b = about(3, sd=1), about(4, sd=2)

        assert (a + b).same_law(about(7, sd=math.sqrt(5)))
        assert exp(a).same_law(exp(about(3, sd=1)))
        assert Uncertain.of(stats.gamma(4)).same_law(0.5 * Uncertain.of(stats.gamma(4, scale=2)))
        assert exactly(3).same_law(exactly(3))
        assert from_draws([1.0, 2.0]).same_law(from_draws([2.0, 1.0]))
        assert Uncertain.of(stats.cauchy(3)).same_law(Uncertain.of(stats.cauchy(3)))

    def test_different_laws(self) -> None:
        """Numbers of different laws do not have one, though their texts may be alike."""
        g, h = Uncertain.of(stats.gamma(4)), Uncertain.of(stats.gamma(4.01))

        assert not g.same_law(h)
        assert not (g**2).same_law(g**3)
        assert not exactly(3).same_law(exactly(3.0000001))
        assert not about(3, sd=1).same_law(about(3, sd=1.0001))
        assert not about(3, sd=1).same_law(exactly(3))
        assert not exactly(3).same_law(about(3, sd=1))

    def test_within_the_stated_errors(self) -> None:
        """Numbers of the lattice are compared within their errors."""

        def three(low: float) -> Uncertain:
            parts = [uniform(low, 2, name=f"{low}{i}") for i in range(3)]
            return parts[0] * parts[1] * parts[2]

        assert three(1.0).same_law(three(1.0 + 1e-9))
        assert not three(1.0).same_law(three(1.1))

    def test_infinite_quantiles(self) -> None:
        """Numbers that are infinite in the same places have one law."""
        big = (1e200 * Uncertain.of(stats.gamma(4))) ** 2

        assert big.same_law((1e200 * Uncertain.of(stats.gamma(4))) ** 2)
        assert not big.same_law(exactly(3))


class TestSupport:
    def test_of_derived_numbers(self) -> None:
        """The support is what the law or interval arithmetic knows, whichever is narrower."""
        x = uniform(1, 2)

        assert (x - x).support() == (0.0, 0.0)
        assert (x * x - 3).support() == pytest.approx((-2.0, 1.0))
        assert (x * uniform(3, 5) / uniform(1, 2)).support() == (1.5, 10.0)
        assert (about(3, sd=1) ** 2).support() == (0.0, math.inf)
        assert (x / (1.0 + x)).support() == pytest.approx((1.0 / 3.0, 1.0))


class TestRvs:
    def test_sizes(self) -> None:
        """Any whole size gives an array of that shape, none of them included."""
        x = about(3, sd=1)

        assert x.rvs(rng=20260101).shape == (1,)
        assert x.rvs((), rng=20260101).shape == ()
        assert x.rvs(0, rng=20260101).shape == (0,)
        assert x.rvs((2, 0), rng=20260101).shape == (2, 0)
        assert x.rvs((2, np.int64(3)), rng=20260101).shape == (2, 3)  # type: ignore[arg-type]  # allowed at run time
        assert exactly(4).rvs(3, rng=20260101).tolist() == [4.0, 4.0, 4.0]

    def test_a_generator_goes_on(self) -> None:
        """A generator gives other values each time, a seed the same."""
        x, rng = about(3, sd=1), np.random.default_rng(7)
        first, second = x.rvs(3, rng=rng), x.rvs(3, rng=rng)

        assert not np.array_equal(first, second)
        assert np.array_equal(first, x.rvs(3, rng=7))

    def test_it_is_required(self) -> None:
        """Nothing is random by accident."""
        with pytest.raises(TypeError, match="rng"):
            unchecked(about(3, sd=1).rvs)(5)

    @pytest.mark.parametrize("size", [-1, 2.5, (2, -3), True, "3", None, (2, True)])
    def test_what_is_no_size(self, size: object) -> None:
        """Anything else is refused."""
        with pytest.raises(ParameterError) as caught:
            unchecked(about(3, sd=1).rvs)(size, rng=20260101)
        assert str(caught.value) == (
            f"size is {size!r}: expected a whole number from 0 on, or a tuple of them. "
            "Type for example size=1_000."
        )


class TestArithmetic:
    def test_draw_by_draw(self) -> None:
        """Every operator does in every draw what it does to numbers, on either side."""
        x, y = between(1, 2, confidence=0.9, family="lognormal"), uniform(2, 3)
        pairs: list[tuple[Uncertain, Callable[[object, object], object]]] = [
            (x + y, operator.add),
            (x - y, operator.sub),
            (x * y, operator.mul),
            (x / y, operator.truediv),
            (x**y, operator.pow),
        ]
        for number, function in pairs:
            a, b, result = draws(x, y, number, n=50, rng=20260101)

            assert result == pytest.approx(function(a, b))
        for function in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
            left, right = unchecked(function)(7.0, x), unchecked(function)(x, 7.0)
            a, first, second = draws(x, left, right, n=50, rng=20260101)

            assert first == pytest.approx(function(7.0, a))
            assert second == pytest.approx(function(a, 7.0))

    def test_signs(self) -> None:
        """Minus turns a number, plus leaves it."""
        x = about(3, sd=1)

        assert (-x).interval(0.9) == pytest.approx(tuple(-end for end in x.interval(0.9)[::-1]))
        assert +x is x
        assert (x + -x).std() == 0.0

    def test_times_zero(self) -> None:
        """Any number times 0 is 0, from either side, and known."""
        x = Uncertain.of(stats.cauchy(3))

        assert (0 * x).value == 0.0
        assert (x * 0.0).value == 0.0
        assert (x * exactly(-0.0)).value == 0.0

    @pytest.mark.parametrize(
        ("operand", "text"),
        [
            (None, "None, a NoneType"),
            ("3", "'3', a str"),
            (True, "True, a bool"),
            ([1, 2], "[1, 2], a list"),
        ],
    )
    def test_what_is_no_operand(self, operand: object, text: str) -> None:
        """Operators take numbers and uncertain numbers, nothing else, on either side."""
        x = about(3, sd=1)
        for use in (operator.add, operator.sub, operator.mul, operator.lt, operator.ge):
            for pair in ((x, operand), (operand, x)):
                with pytest.raises(NumberError) as caught:
                    unchecked(use)(*pair)
                assert str(caught.value) == (
                    f"operand is {text}: expected a finite number. "
                    "Type a number such as 35_000; a text is never read as one."
                )

    def test_a_distribution_is_no_operand(self) -> None:
        """A distribution must become an unknown first, so that it is clear which."""
        with pytest.raises(NumberError, match=r"^operand is <scipy.* expected a finite number\."):
            unchecked(operator.add)(about(3, sd=1), stats.gamma(4))

    def test_what_is_not_finite(self) -> None:
        """Nan and infinity never enter, nor come out of known numbers."""
        with pytest.raises(ParameterError, match=r"^operand is nan: expected a finite number\."):
            _ = about(3, sd=1) + math.nan
        with pytest.raises(ParameterError) as caught:
            _ = exactly(1e200) * 1e200
        assert str(caught.value) == (
            "multiply of 1e+200 and 1e+200 is inf: expected a finite number. "
            "State the figures in larger units."
        )
        with pytest.raises(ParameterError) as caught:
            exp(1_000)
        assert str(caught.value) == (
            "exp of 1000 is inf: expected a finite number. State the figures in larger units."
        )

    def test_divisors(self) -> None:
        """A divisor of 0 is refused, and one on both sides of it warns; so do negative powers."""
        x = about(0, sd=1)
        for use in (lambda: 1 / exactly(0), lambda: POSITIVE / 0, lambda: exactly(0) ** -1):
            with pytest.raises(ParameterError, match=r"^division by exactly 0"):
                use()  # type: ignore[no-untyped-call]  # a table of lambdas
        for use in (lambda: 1 / x, lambda: x / x, lambda: x**-2):
            with pytest.warns(SupportWarning, match=r"^dividing by a number with 0.5 of its mass"):
                use()
        with pytest.raises(ParameterError, match=r"^dividing by a number with 0.14 of its mass"):
            _ = Uncertain.of(stats.poisson(2)) ** -1

    def test_powers(self) -> None:
        """Whole powers take any base; a broken or an unknown one needs a base from 0 on."""
        x = about(0, sd=1)

        assert (x**2).support() == (0.0, math.inf)
        assert _operation((x**3).node) == "Power"
        for use in (lambda: x**0.5, lambda: x**POSITIVE, lambda: x ** exactly(1.5)):
            with pytest.raises(ParameterError) as caught:
                use()  # type: ignore[no-untyped-call]  # a table of lambdas
            assert str(caught.value) == (
                "a broken power of a number with 0.5 of its mass below 0: expected a number that "
                "is not negative. Use a positive one, such as between(low, high, confidence=0.9, "
                'family="lognormal").'
            )
        with pytest.raises(ParameterError, match=r"^a broken power of a number with 1 of its mass"):
            _ = (-2) ** POSITIVE

    def test_a_tail_below_zero_is_zero(self) -> None:
        """A tail below zero that was let pass is 0 in a broken power, never nan."""
        root = about(5, sd=1.05) ** 0.5

        assert root.ppf([0.0, 1e-9, 1e-7]) == pytest.approx([0.0, 0.0, 0.0])
        assert root.support() == (0.0, math.inf)


class TestNumpy:
    def test_no_array_element(self) -> None:
        """An uncertain number is refused in every kind of array."""
        x = about(3, sd=1)
        makers: list[Callable[[], object]] = [
            lambda: np.array([x]),
            lambda: np.asarray(x),
            lambda: np.array([x, 3.0], dtype=object),
            lambda: np.sum([x, x]),
            lambda: np.full(3, x),
        ]
        for make in makers:
            with pytest.raises(NumberError) as caught:
                make()
            assert str(caught.value) == (
                "an Uncertain is not an array element: an array of them would lose speed and "
                "ties. Use rvs(size, rng=...) or draws(x, y, n=..., rng=...) for arrays of values."
            )

    def test_functions_and_arrays_that_are_refused(self) -> None:
        """Functions without a meaning here, arrays, bools and options are refused."""
        x = about(3, sd=1)
        uses: list[tuple[str, Callable[[], object]]] = [
            ("sin", lambda: np.sin(x)),
            ("add", lambda: np.arange(3) + x),
            ("add", lambda: x + np.arange(3)),
            ("multiply", lambda: np.multiply(x, 2.0, where=True)),
            ("add", lambda: np.add.outer(x, x)),
            ("less", lambda: np.arange(3) < x),
            ("equal", lambda: np.arange(3) == x),
            ("add", lambda: np.add(x, True)),
        ]
        for name, use in uses:
            with pytest.raises(NumberError) as caught:
                use()
            if str(caught.value).startswith("operand"):
                continue
            assert str(caught.value) == (
                f"numpy.{name} was given an Uncertain: expected scalars without options, in "
                "arithmetic, comparisons, exp, log, sqrt, maximum or minimum. Type those of "
                "attrition, or work on draws(x, n=..., rng=...)."
            )


class TestNodes:
    def test_node_of(self) -> None:
        """An operand is a known number or the node that it has."""
        x = about(3, sd=1)

        assert node_of(x) is x.node
        assert node_of(3).uid == Known(3.0).uid

    def test_combined_and_compared(self) -> None:
        """Numbers and events are made from operations and operands."""
        x = Uncertain(Leaf(Normal(3.0, 1.0)))

        assert combined(op.Subtract(), 4, x) == 4 - x
        assert compared(op.Less(), 4, x) == (x > 4)
        assert combined(op.Subtract(), 7, 4).value == 3.0
