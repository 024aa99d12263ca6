"""The face of an uncertain number: identity, arithmetic, texts and refusals."""

import math
import operator
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from attrition.errors import EventError, NumberError, ParameterError
from attrition.uncertain import (
    Operand,
    Uncertain,
    UncertainLike,
    about,
    between,
    draws,
    exactly,
    exp,
    from_draws,
    from_joint_draws,
    maximum,
    probability,
    rounded,
    share,
    sqrt,
    total_of,
    uniform,
)
from attrition.uncertain import operations as op
from attrition.uncertain.node import Known, Noise
from attrition.uncertain.number import combined, compared, node_of
from tests.strategies import leaves, normals, positives

OPERATORS: list[Callable[..., Uncertain]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
]


def _sums(terms: int) -> Uncertain:
    return total_of(*(about(k, sd=1.0 + 0.001 * k) for k in range(terms)))


class TestOf:
    def test_numbers(self) -> None:
        """Every kind of number is known exactly."""
        for three in (3, 3.0, np.float32(3.0), np.int16(3)):
            assert Uncertain.of(three) == exactly(3)

    def test_an_uncertain_number_passes_through(self) -> None:
        """What is uncertain already stays the same unknown."""
        x = about(3, sd=1)

        assert Uncertain.of(x) is x

    @pytest.mark.parametrize("make", [lambda: stats.gamma(4, scale=9), lambda: stats.Normal(mu=36)])
    def test_each_call_is_a_new_unknown(self, make: Callable[[], UncertainLike]) -> None:
        """One frozen distribution makes as many independent numbers as it is asked for."""
        frozen = make()
        x, y = Uncertain.of(frozen), Uncertain.of(frozen)

        assert x.mean() == pytest.approx(36.0)
        assert x != y
        assert x.same_law(y)
        assert (x - y).var() == pytest.approx(2.0 * x.var(), rel=0.01)

    @pytest.mark.parametrize("wrong", [True, "3", None, [3], stats.gamma])
    def test_what_is_no_number(self, wrong: object) -> None:
        """Bools, texts, lists and unfrozen families are refused."""
        make: Callable[[object], Uncertain] = Uncertain.of  # type: ignore[assignment]  # the point
        with pytest.raises(NumberError):
            make(wrong)

    def test_not_finite(self) -> None:
        """A number that is not there is no number."""
        with pytest.raises(ParameterError, match=r"^value is inf: expected a finite number"):
            Uncertain.of(math.inf)


class TestNameAndValue:
    def test_leaves_have_names(self) -> None:
        """A name belongs to the unknown, not to what is computed from it."""
        x = about(3, sd=1, name="losses")

        assert (x.name, (2 * x).name, exactly(3).name) == ("losses", None, None)

    def test_known_numbers_have_values(self) -> None:
        """The value is there where there is no doubt."""
        assert (exactly(3).value, about(3, sd=1).value) == (3.0, None)
        assert (exactly(7) - 2.5 * exactly(2)).value == 2.0


class TestIdentity:
    def test_the_same_object_is_the_same_unknown(self) -> None:
        """A number less itself is exactly 0, over itself exactly 1, however it was written."""
        x, y = about(44, sd=3), between(1, 2, confidence=0.9, family="lognormal")
        nothing = [x - x, (x + y) - y - x, 2 * x - x - x, x * y - y * x]
        one = [y / y, (y * y) / y**2, y**0.5 / y**0.5, exp(y) / exp(y)]

        for number, value in [*((n, 0.0) for n in nothing), *((o, 1.0) for o in one)]:
            assert number.mean() == pytest.approx(value, abs=1e-12)
            assert number.std() == 0.0
        assert (x - x).std() == 0.0
        assert (x - x).interval(0.9) == (0.0, 0.0)
        assert (y / y).interval(0.9) == (1.0, 1.0)
        assert set((x - x).rvs(100, rng=20260101)) == {0.0}
        assert set((y / y).rvs(100, rng=20260101)) == {1.0}

    def test_two_statements_are_two_unknowns(self) -> None:
        """Equal statements made twice are independent."""
        x, y = about(44, sd=3), about(44, sd=3)

        assert x != y
        assert (x - y).std() == pytest.approx(math.sqrt(18.0))

    def test_equality_and_hash(self) -> None:
        """Numbers are equal when they are the same computation of the same unknowns."""
        x, y = about(44, sd=3), about(44, sd=3)

        assert x + y == y + x
        assert hash(x * y) == hash(y * x)
        assert x - y != y - x
        assert len({x, y, x + y, y + x, +x}) == 3
        assert x != 44
        assert exactly(44) != 44

    @pytest.mark.parametrize("terms", [3, 3_000])
    def test_pickle(self, terms: int) -> None:
        """A sum of any length comes back as the same number, tied to its parts."""
        total = _sums(terms)
        back = pickle.loads(pickle.dumps(total))

        assert back == total
        assert (back - total).std() == 0.0
        assert (back.mean(), back.std()) == (total.mean(), total.std())
        assert back.std() == pytest.approx(
            math.sqrt(sum((1.0 + 0.001 * k) ** 2 for k in range(terms)))
        )

    def test_pickled_together(self) -> None:
        """Numbers in one pickle keep their ties."""
        x = about(44, sd=3, name="losses")
        back, double = pickle.loads(pickle.dumps((x, 2 * x)))

        assert (double - 2 * back).std() == 0.0
        assert back.name == "losses"


class TestArithmetic:
    @settings(max_examples=30)  # Two dozen numbers are drawn for each.
    @given(leaves(), positives(), normals())
    def test_in_every_draw(self, a: Uncertain, b: Uncertain, c: Uncertain) -> None:
        """Operators mean in every draw what they mean for numbers."""
        wanted = (a + b, a - c, a * c, c / (b + 1), -a, +a, (b + 1) ** c, b**2, 2**c)
        x, y, z, *found = draws(a, b, c, *wanted, n=20, rng=20260101)
        expected = (x + y, x - z, x * z, z / (y + 1), -x, x, (y + 1) ** z, y**2, 2**z)

        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, rel=1e-14)

    @pytest.mark.parametrize("apply", OPERATORS, ids=lambda f: f.__name__)
    def test_with_known_numbers_on_either_side(self, apply: Callable[..., Uncertain]) -> None:
        """Numbers of every kind may stand left and right."""
        x = uniform(2, 3)
        (values,) = draws(x, n=5, rng=20260101)
        for known in (7, 7.0, np.float64(7.0), np.int64(7), exactly(7)):
            right, left = draws(apply(x, known), apply(known, x), n=5, rng=20260101)

            assert right == pytest.approx(apply(values, 7.0), rel=1e-14)
            assert left == pytest.approx(apply(7.0, values), rel=1e-14)

    def test_powers(self) -> None:
        """Powers stand on either side too."""
        x = between(2, 3, confidence=0.9, family="lognormal")

        assert (x**3).ppf(0.2) == pytest.approx(x.ppf(0.2) ** 3)
        assert (3**x).ppf(0.2) == pytest.approx(3 ** x.ppf(0.2))
        assert (x**-1).ppf(0.2) == pytest.approx(1.0 / x.ppf(0.8))
        assert (about(-3, sd=0.1) ** 2).median() == pytest.approx(9.0, rel=1e-4)

    def test_nothing_of_an_unknown(self) -> None:
        """Zero times a number is exactly zero, on either side."""
        x = about(44, sd=3)

        assert (0 * x).value == (x * 0).value == (x * exactly(0)).value == 0.0

    @pytest.mark.parametrize(
        ("compute", "text"),
        [
            (lambda: exactly(1e200) * 1e200, "multiply of 1e+200 and 1e+200 is inf"),
            (lambda: exactly(-1e308) - 1e308, "subtract of -1e+308 and 1e+308 is -inf"),
            (lambda: exp(1_000), "exp of 1000 is inf"),
        ],
    )
    def test_overflow(self, compute: Callable[[], Uncertain], text: str) -> None:
        """A known result that floats cannot hold is refused."""
        with pytest.raises(ParameterError) as caught:
            compute()

        assert str(caught.value) == (
            f"{text}: expected a finite number. State the figures in larger units."
        )

    def test_refused_powers(self) -> None:
        """A broken or uncertain power needs a base that is not negative."""
        x = about(1, sd=1)
        for power in (0.5, about(2, sd=0.1)):
            with pytest.raises(
                ParameterError, match=r"^a broken power of a number with 0.16 of it"
            ):
                x**power

    @pytest.mark.parametrize("wrong", ["3", True, None, [3.0]])
    @pytest.mark.parametrize("apply", OPERATORS, ids=lambda f: f.__name__)
    def test_what_is_no_operand(self, apply: Callable[..., Uncertain], wrong: object) -> None:
        """Arithmetic takes numbers only."""
        with pytest.raises(NumberError) as caught:
            apply(about(3, sd=1), wrong)

        assert str(caught.value) == (
            f"operand is {wrong!r}, a {type(wrong).__name__}: expected a finite number. "
            f"Type a number such as 35_000; a text is never read as one."
        )


class TestKernels:
    def test_node_of(self) -> None:
        """An operand is its own node, or a known one."""
        x = about(3, sd=1)
        known = node_of(7)

        assert node_of(x) is x.node
        assert isinstance(known, Known)
        assert known.value == 7.0

    def test_combined_and_compared(self) -> None:
        """The operators are these functions."""
        x = about(3, sd=1)

        assert combined(op.Subtract(), x, 2) == x - 2
        assert compared(op.LessEqual(), x, 2) == (x <= 2)


class TestComparisons:
    def test_all_six(self) -> None:
        """Comparisons are events in every direction, and equality of values has a name."""
        x = from_draws([1, 2, 2, 4, 7])
        events = (x < 2, x <= 2, x > 2, x >= 2, operator.lt(2, x), operator.ge(2, x), x.equals(4))

        assert [probability(event) for event in events] == pytest.approx(
            [0.2, 0.6, 0.4, 0.8, 0.4, 0.6, 0.2]
        )

    def test_identity_is_no_event(self) -> None:
        """Equality signs ask who it is; the answer is a bool."""
        x = about(3, sd=1)

        assert (x == x) is True
        assert (x != x) is False


class TestSameLaw:
    def test_exact_laws(self) -> None:
        """Equal distributions are told from others, whoever they are."""
        x = about(100, sd=5)

        assert x.same_law(about(100, sd=5))
        assert x.same_law(200 - about(100, sd=5))
        assert not x.same_law(about(100, sd=5.001))
        assert not x.same_law(about(100.001, sd=5))
        assert exactly(3).same_law(exactly(3))
        assert not exactly(3).same_law(exactly(3 + 1e-9))

    def test_sampled_laws(self) -> None:
        """Numbers on the lattice are compared within five of their errors."""

        def made(scale: float) -> Uncertain:
            a, b, c = (Uncertain.of(stats.gamma(shape)) for shape in (2.0, 3.0, 4.5))
            return scale * (a * b + c * sqrt(a))

        assert made(1.0).same_law(made(1.0))
        assert made(1.0).same_law(made(1.0) + 0.0)
        assert not made(1.0).same_law(made(1.05))

    def test_infinite_quantiles(self) -> None:
        """Values that are infinite in both laws agree."""
        x = exp(exp(about(6.5, sd=0.2)))

        assert math.isinf(x.ppf(0.9))
        assert x.same_law(exp(exp(about(6.5, sd=0.2))))


class TestSupport:
    def test_of_computed_numbers(self) -> None:
        """Bounds go through arithmetic."""
        x, y = uniform(1, 2), uniform(-3, 5)

        assert (x * y + 1).support() == (-5.0, 11.0)
        assert (y**2).support() == (0.0, 25.0)
        assert (1 / x).support() == (0.5, 1.0)

    def test_never_wider_than_the_law(self) -> None:
        """Where the law is known, its own support counts."""
        x = uniform(1, 2)

        assert (x - x).support() == (0.0, 0.0)
        assert (x / x).support() == (1.0, 1.0)


class TestRvs:
    @pytest.mark.parametrize(
        ("size", "shape"),
        [(1, (1,)), (0, (0,)), ((), ()), ((2, 3), (2, 3)), (np.int64(4), (4,)), ((3, 0), (3, 0))],
    )
    def test_shapes(self, size: int | tuple[int, ...], shape: tuple[int, ...]) -> None:
        """Random values come in the shape that was asked for."""
        assert about(3, sd=1).rvs(size, rng=20260101).shape == shape

    def test_one_unless_told(self) -> None:
        """Without a size there is one value."""
        assert about(3, sd=1).rvs(rng=20260101).shape == (1,)

    @pytest.mark.parametrize("wrong", [-1, 2.5, True, "3", (3, -1), (2, True), None])
    def test_bad_sizes(self, wrong: int) -> None:
        """A size is whole and not negative."""
        with pytest.raises(ParameterError) as caught:
            about(3, sd=1).rvs(wrong, rng=20260101)

        assert str(caught.value) == (
            f"size is {wrong!r}: expected a whole number from 0 on, or a tuple of them. "
            f"Type for example size=1_000."
        )

    def test_a_generator_goes_on(self) -> None:
        """One generator gives other values every time."""
        rng = np.random.default_rng(20260101)
        x = about(3, sd=1)

        assert x.rvs(3, rng=rng).tolist() != x.rvs(3, rng=rng).tolist()


class TestTexts:
    @pytest.mark.parametrize(
        ("make", "text"),
        [
            (lambda: exactly(35_000), "exactly(35000)"),
            (lambda: exactly(0.1), "exactly(0.1)"),
            (lambda: about(3, sd=1), "Uncertain(Normal(centre=3.0, sd=1.0))"),
            (
                lambda: about(3, sd=1, name="losses"),
                "Uncertain(Normal(centre=3.0, sd=1.0), 'losses')",
            ),
            (lambda: from_joint_draws({"a": [1, 2]})["a"], "Uncertain(column 'a')"),
            (lambda: maximum(about(3, sd=1), 2), "Uncertain(Maximum of 1 unknown)"),
            (lambda: about(3, sd=1) + about(3, sd=1), "Uncertain(Add of 2 unknowns)"),
            (lambda: Uncertain(Noise("steps", 3)), "Uncertain(Noise of 1 unknown)"),
        ],
    )
    def test_repr(self, make: Callable[[], Uncertain], text: str) -> None:
        """A number shows its law or its outermost operation, alike in every run."""
        assert repr(make()) == text

    @pytest.mark.parametrize(
        ("make", "text"),
        [
            (lambda: about(9_000, sd=3_000), "9,000 (4,065 to 13,935 at 90 %)"),
            (
                lambda: between(14_500, 23_000, confidence=0.9, family="lognormal"),
                "18,262 (14,500 to 23,000 at 90 %)",
            ),
            (lambda: share(0.4, 0.7, confidence=0.9), "0.555 (0.400 to 0.700 at 90 %)"),
            (lambda: exactly(35_000), "35,000"),
        ],
    )
    def test_str(self, make: Callable[[], Uncertain], text: str) -> None:
        """A number prints its median and its central 90 % interval."""
        assert str(make()) == text


class TestNumpy:
    def test_scalars_of_numpy_on_the_left(self) -> None:
        """A scalar of numpy's takes part like any number."""
        x = about(3, sd=1)
        seven = np.float64(7.0)

        assert seven - x == 7 - x
        assert seven**x == 7**x
        assert (seven < x) == (x > 7)
        assert (seven >= x) == (x <= 7)
        assert (seven == x) is False
        assert (seven != x) is True
        assert (np.equal(x, x), np.not_equal(x, x)) == (True, False)

    def test_functions_of_numpy(self) -> None:
        """Its functions of scalars are those of this library."""
        x = between(2, 3, confidence=0.9, family="lognormal")

        assert np.exp(x) == exp(x)
        assert np.maximum(x, 2.5) == maximum(x, 2.5)
        assert np.power(2, x) == 2**x

    def test_no_arrays(self) -> None:
        """Uncertain numbers are no elements of arrays."""
        x = about(3, sd=1)
        makes: list[Callable[[], object]] = [
            lambda: np.array([x, x]),
            lambda: np.asarray(x),
            lambda: np.array([x], dtype=np.float64),
            lambda: np.array(x, copy=True),
        ]
        for make in makes:
            with pytest.raises(NumberError) as caught:
                make()

            assert str(caught.value) == (
                "an Uncertain is not an array element: an array of them would lose speed and ties. "
                "Use rvs(size, rng=...) or draws(x, y, n=..., rng=...) for arrays of values."
            )

    @pytest.mark.parametrize(
        ("make", "name"),
        [
            (np.sin, "sin"),
            (lambda x: np.add(x, 1, dtype=np.float64), "add"),
            (np.add.accumulate, "add"),
            (lambda x: np.ones(3) * x, "multiply"),
            (lambda x: np.add(x, "3"), "add"),
            (lambda x: np.add(x, True), "add"),  # noqa: FBT003 - the point of the test
            (np.isnan, "isnan"),
            (lambda x: np.floor_divide(7, x), "floor_divide"),
        ],
    )
    def test_refused_functions(self, make: Callable[[Uncertain], object], name: str) -> None:
        """Arrays, options and other functions are refused by name."""
        with pytest.raises(NumberError) as caught:
            make(about(3, sd=1))

        assert str(caught.value) == (
            f"numpy.{name} was given an Uncertain: expected scalars without options, in "
            f"arithmetic, comparisons, exp, log, sqrt, maximum or minimum. Type those of "
            f"attrition, or work on draws(x, n=..., rng=...)."
        )

    def test_comparisons_are_events(self) -> None:
        """An event from a comparison with a scalar of numpy's is neither true nor false."""
        with pytest.raises(EventError):
            bool(np.float64(7.0) > about(3, sd=1))


class TestOperand:
    def test_rounded_figures(self) -> None:
        """The sum of many rounded figures is nearly normal, by the central limit."""
        total: Operand = total_of(*(rounded(100 * k, to=100) for k in range(48)))

        assert isinstance(total, Uncertain)
        assert total.std() == pytest.approx(200.0, rel=0.01)
        assert total.ppf(0.95) == pytest.approx(112_800 + 200 * 1.645, abs=10)
