import itertools
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from attrition._typing import FloatArray
from attrition.errors import ParameterError
from attrition.uncertain import operations as op
from attrition.uncertain.node import UNBOUNDED, Bounds, Operation

TINY = float(np.finfo(float).tiny)
INF = math.inf

TWO: list[tuple[Operation, float]] = [
    (op.Add(), 5.5),
    (op.Subtract(), -1.5),
    (op.Multiply(), 7.0),
    (op.Divide(), 2.0 / 3.5),
    (op.Power(), 2.0**3.5),
    (op.Maximum(), 3.5),
    (op.Minimum(), 2.0),
    (op.Less(), 1.0),
    (op.LessEqual(), 1.0),
    (op.Equal(), 0.0),
]

COMMUTATIVE = {"Add", "Multiply", "Maximum", "Minimum", "Equal", "And", "Or"}


def _array(*values: float) -> FloatArray:
    return np.array(values, dtype=np.float64)


@st.composite
def intervals(draw: st.DrawFn) -> Bounds:
    """Intervals on every side of zero, closed at it or open to infinity."""
    ends = st.sampled_from([-INF, -3.0, -1.5, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, INF])
    low, high = sorted((draw(ends), draw(ends)))
    return (low, high) if math.isfinite(low) or low < high else (-INF, INF)


def _inside(of: Bounds) -> list[float]:
    """Finite numbers of an interval, its ends among them."""
    places = [*of, -50.0, -2.2, -1.2, -0.7, -0.1, 0.0, 0.1, 0.6, 1.3, 2.5, 40.0]
    return sorted({x for x in places if of[0] <= x <= of[1] and math.isfinite(x)})


def _binary() -> list[Operation]:
    return [
        op.Add(),
        op.Subtract(),
        op.Multiply(),
        op.Divide(),
        op.Power(),
        op.Maximum(),
        op.Minimum(),
    ]


def _allowed(operation: Operation, a: Bounds, b: Bounds) -> bool:
    """Whether the arithmetic of numbers would build this operation."""
    if isinstance(operation, op.Power):
        whole = b[0] == b[1] and b[0].is_integer()
        return a[0] >= 0.0 or whole
    return not (isinstance(operation, op.Divide) and b == (0.0, 0.0))


def _values(operation: Operation, a: Bounds, b: Bounds) -> FloatArray:
    """The operation on every pair of numbers inside, nan at its poles; one row for each of a."""
    first, second = np.meshgrid(_inside(a), _inside(b), indexing="ij")
    with np.errstate(all="ignore"):
        values = operation(first, second)
    pole = {
        op.Divide: second == 0.0,
        op.Power: (first == 0.0) & (second < 0.0),
    }.get(type(operation), False)
    return np.where(pole, np.nan, values)


class TestValues:
    @pytest.mark.parametrize(("operation", "value"), TWO, ids=lambda x: repr(x))
    def test_of_two(self, operation: Operation, value: float) -> None:
        """Each operation is what its name says, in every draw."""
        assert operation(_array(2.0), _array(3.5)).tolist() == pytest.approx([value])

    def test_of_one(self) -> None:
        """Functions of one number are those of mathematics."""
        x = _array(0.25, 2.0)

        assert op.Exp()(x).tolist() == pytest.approx([math.exp(0.25), math.exp(2.0)])
        assert op.Log()(x).tolist() == pytest.approx([math.log(0.25), math.log(2.0)])
        assert op.Sqrt()(x).tolist() == pytest.approx([0.5, math.sqrt(2.0)])
        assert op.Not()(_array(0.0, 1.0)).tolist() == [1.0, 0.0]

    def test_of_truths(self) -> None:
        """And, or and the comparisons have their tables of truth."""
        a, b = _array(0.0, 0.0, 1.0, 1.0), _array(0.0, 1.0, 0.0, 1.0)

        assert op.And()(a, b).tolist() == [0.0, 0.0, 0.0, 1.0]
        assert op.Or()(a, b).tolist() == [0.0, 1.0, 1.0, 1.0]
        assert op.Less()(a, b).tolist() == [0.0, 1.0, 0.0, 0.0]
        assert op.LessEqual()(a, b).tolist() == [1.0, 1.0, 0.0, 1.0]
        assert op.Equal()(a, b).tolist() == [1.0, 0.0, 0.0, 1.0]

    @pytest.mark.parametrize("operation", [op.Less(), op.LessEqual(), op.Equal()])
    @pytest.mark.parametrize("turned", [False, True])
    def test_no_truth_about_nan(self, operation: Operation, *, turned: bool) -> None:
        """A draw without a value is neither below nor above anything."""
        pair = _array(math.nan, 1.0), _array(2.0, 2.0)
        with pytest.raises(ParameterError, match=r"^0.5 of the draws have no value"):
            operation(*(pair[::-1] if turned else pair))

    def test_tails_below_zero(self) -> None:
        """What little lies below zero counts as zero, for the logarithm as the smallest float."""
        x = _array(-3.0, 0.0, 4.0)
        with np.errstate(divide="ignore"):
            logs = op.Log()(x)

        assert logs.tolist() == [math.log(TINY), -INF, math.log(4.0)]
        assert op.Sqrt()(x).tolist() == [0.0, 0.0, 2.0]
        assert op.Power()(x, np.array(1.5)).tolist() == [0.0, 0.0, 8.0]
        assert op.Power()(x, np.array(3.0)).tolist() == [-27.0, 0.0, 64.0]

    def test_which_do_not_mind_the_order(self) -> None:
        """Operations that commute are marked, and they do commute."""
        names = [name for name in op.__all__ if name not in {"Exp", "Log", "Sqrt", "Not"}]
        for name in names:
            operation = getattr(op, name)()

            assert operation.commutative is (name in COMMUTATIVE)
            swapped = operation(_array(1.0), _array(2.0)), operation(_array(2.0), _array(1.0))
            if operation.commutative:
                assert swapped[0] == swapped[1]


class TestBounds:
    @given(intervals(), intervals(), st.sampled_from(_binary()))
    def test_never_too_narrow(self, a: Bounds, b: Bounds, operation: Operation) -> None:
        """Every value of the arguments gives a value inside the bounds."""
        if not _allowed(operation, a, b):
            return
        low, high = operation.bounds(a, b)
        values = _values(operation, a, b)
        known = values[~np.isnan(values)]

        assert low <= high
        assert (known >= low - 1e-12).all()
        assert (known <= high + 1e-12).all()

    @pytest.mark.parametrize(
        ("operation", "a", "b", "bounds"),
        [
            (op.Add(), (1.0, 2.0), (10.0, 40.0), (11.0, 42.0)),
            (op.Subtract(), (1.0, 2.0), (10.0, 40.0), (-39.0, -8.0)),
            (op.Multiply(), (-1.0, 2.0), (-3.0, 5.0), (-6.0, 10.0)),
            (op.Multiply(), (0.0, INF), (0.0, INF), (0.0, INF)),
            (op.Divide(), (1.0, 2.0), (4.0, 8.0), (0.125, 0.5)),
            (op.Divide(), (1.0, 2.0), (0.0, 8.0), (0.125, INF)),
            (op.Divide(), (1.0, 2.0), (-8.0, 0.0), (-INF, -0.125)),
            (op.Divide(), (1.0, 2.0), (-1.0, 8.0), UNBOUNDED),
            (op.Divide(), (0.0, INF), (0.0, INF), (0.0, INF)),
            (op.Power(), (-2.0, 3.0), (2.0, 2.0), (0.0, 9.0)),
            (op.Power(), (-2.0, 3.0), (3.0, 3.0), (-8.0, 27.0)),
            (op.Power(), (-2.0, 3.0), (-1.0, -1.0), UNBOUNDED),
            (op.Power(), (-2.0, 0.0), (-1.0, -1.0), (-INF, -0.5)),
            (op.Power(), (-2.0, -0.5), (-2.0, -2.0), (0.25, 4.0)),
            (op.Power(), (-9.0, 4.0), (0.5, 0.5), (0.0, 2.0)),
            (op.Power(), (0.5, 2.0), (-1.0, 3.0), (0.125, 8.0)),
            (op.Maximum(), (1.0, 4.0), (2.0, 3.0), (2.0, 4.0)),
            (op.Minimum(), (1.0, 4.0), (2.0, 3.0), (1.0, 3.0)),
        ],
    )
    def test_as_narrow_as_can_be(
        self, operation: Operation, a: Bounds, b: Bounds, bounds: Bounds
    ) -> None:
        """The bounds of one operation are reached."""
        assert operation.bounds(a, b) == pytest.approx(bounds)

    def test_of_one(self) -> None:
        """Rising functions of one number carry their ends along."""
        assert op.Exp().bounds((-INF, 2.0)) == (0.0, math.exp(2.0))
        assert op.Exp().bounds((0.0, 1e4)) == (1.0, INF)
        assert op.Log().bounds((-1.0, 2.0)) == (-INF, math.log(2.0))
        assert op.Log().bounds((0.0, INF)) == (-INF, INF)
        assert op.Sqrt().bounds((-1.0, 4.0)) == (0.0, 2.0)
        assert op.Sqrt().bounds((2.25, INF)) == (1.5, INF)


class TestSigns:
    @given(intervals(), intervals(), st.sampled_from(_binary()))
    def test_directions_are_kept(self, a: Bounds, b: Bounds, operation: Operation) -> None:
        """Where a direction is stated, the values go that way in every draw."""
        if not _allowed(operation, a, b):
            return
        first, second = operation.signs(a, b)
        values = _values(operation, a, b)
        for sign, axis in ((first, 0), (second, 1)):
            steps = np.diff(values, axis=axis)
            known = steps[~np.isnan(steps)]

            assert sign is None or (sign * known >= -1e-12).all()

    @pytest.mark.parametrize(
        ("operation", "a", "b", "signs"),
        [
            (op.Add(), (-1.0, 1.0), (-1.0, 1.0), (1, 1)),
            (op.Subtract(), (-1.0, 1.0), (-1.0, 1.0), (1, -1)),
            (op.Multiply(), (0.0, 1.0), (-3.0, -2.0), (-1, 1)),
            (op.Multiply(), (-1.0, 1.0), (2.0, 3.0), (1, None)),
            (op.Divide(), (1.0, 2.0), (0.0, 3.0), (1, -1)),
            (op.Divide(), (-2.0, -1.0), (-3.0, -1.0), (-1, 1)),
            (op.Divide(), (-2.0, 1.0), (1.0, 3.0), (1, None)),
            (op.Divide(), (1.0, 2.0), (-1.0, 3.0), (None, None)),
            (op.Power(), (0.0, 4.0), (2.0, 2.0), (1, None)),
            (op.Power(), (2.0, 4.0), (-2.0, 2.0), (None, 1)),
            (op.Power(), (0.5, 1.0), (-2.0, -1.0), (-1, -1)),
            (op.Power(), (-4.0, -1.0), (2.0, 2.0), (-1, None)),
            (op.Power(), (-4.0, -1.0), (-2.0, -2.0), (1, None)),
            (op.Power(), (-4.0, -1.0), (3.0, 3.0), (1, None)),
            (op.Power(), (-4.0, -1.0), (-1.0, -1.0), (-1, None)),
            (op.Power(), (-4.0, 1.0), (3.0, 3.0), (1, None)),
            (op.Power(), (-4.0, 1.0), (2.0, 2.0), (None, None)),
            (op.Power(), (-4.0, 1.0), (-1.0, -1.0), (None, None)),
            (op.Power(), (-4.0, 9.0), (0.5, 0.5), (1, None)),
            (op.Maximum(), (-1.0, 1.0), (-1.0, 1.0), (1, 1)),
            (op.Minimum(), (-1.0, 1.0), (-1.0, 1.0), (1, 1)),
        ],
    )
    def test_no_direction_is_missed(
        self, operation: Operation, a: Bounds, b: Bounds, signs: tuple[int | None, int | None]
    ) -> None:
        """A direction that there is, is stated."""
        assert operation.signs(a, b) == signs

    def test_of_one(self) -> None:
        """The functions of one number rise."""
        assert [f.signs((0.0, 1.0)) for f in (op.Exp(), op.Log(), op.Sqrt())] == [(1,)] * 3

    def test_truths_have_none(self) -> None:
        """Comparisons and their combinations state no direction."""
        for name, other in itertools.product(["Less", "LessEqual", "Equal", "And", "Or"], [1.0]):
            assert getattr(op, name)().signs((0.0, other), (0.0, 1.0)) == (None, None)
        assert op.Not().signs((0.0, 1.0)) == (None,)


class TestNames:
    def test_all_is_sorted_and_complete(self) -> None:
        """Every operation is handed on, in order."""
        found = [n for n in vars(op) if isinstance(vars(op)[n], type) and n != "Operation"]
        operations = sorted(n for n in found if issubclass(vars(op)[n], Operation))

        assert operations == op.__all__
