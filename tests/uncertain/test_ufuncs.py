import numpy as np
import pytest

from attrition.uncertain import Event, Uncertain, about, between
from attrition.uncertain.ufuncs import ARITHMETIC, COMPARISONS, IDENTITY

X = between(2, 5, confidence=0.9, family="lognormal")
Y = between(1, 4, confidence=0.8, family="lognormal")


class TestArithmetic:
    @pytest.mark.parametrize("ufunc", ARITHMETIC, ids=lambda ufunc: str(ufunc.__name__))
    def test_the_operation_is_the_function(self, ufunc: np.ufunc) -> None:
        """Each operation has the values of the numpy function that it stands for."""
        arguments = [np.array([0.75, 2.5]), np.array([1.5, 0.25])][: ufunc.nin]

        assert ARITHMETIC[ufunc](*arguments) == pytest.approx(ufunc(*arguments))

    @pytest.mark.parametrize("ufunc", ARITHMETIC, ids=lambda ufunc: str(ufunc.__name__))
    def test_a_courtesy_for_scalars(self, ufunc: np.ufunc) -> None:
        """numpy's functions of uncertain scalars give uncertain numbers, known ones among them."""
        if ufunc.nin == 1:
            result = ufunc(X)
            expected = float(ufunc(X.median()))
        else:
            result = ufunc(X, 1.5)
            expected = float(ufunc(X.median(), 1.5))

        assert isinstance(result, Uncertain)
        assert result.median() == pytest.approx(expected, rel=1e-9)

    def test_the_same_number_as_the_operator(self) -> None:
        """Function and operator give the same number, on either side and with numpy's scalars."""
        assert np.subtract(X, Y) == X - Y
        assert np.subtract(2.0, Y) == 2.0 - Y == np.float64(2.0) - Y
        assert np.float32(2.0) * X == X * 2.0  # type: ignore[operator]  # refused or allowed at run time only
        assert np.divide(X, np.int64(4)) == X / 4.0
        assert np.float64(2.0) ** X == 2.0**X


class TestComparisons:
    @pytest.mark.parametrize("ufunc", COMPARISONS, ids=lambda ufunc: str(ufunc.__name__))
    @pytest.mark.parametrize("other", [1.0, 2.0, 3.0])
    def test_the_operation_is_the_function(self, ufunc: np.ufunc, other: float) -> None:
        """Each operation, with its order of arguments, says what the numpy function says."""
        operation, swapped = COMPARISONS[ufunc]
        pair = [np.array(2.0), np.array(other)]

        assert bool(operation(*(pair[::-1] if swapped else pair))) is bool(ufunc(*pair))

    def test_the_same_event_as_the_operator(self) -> None:
        """numpy's scalars on the left build the event that Python's would."""
        assert (np.float64(3.0) < X) == (X > 3.0)
        assert (np.float64(3.0) <= X) == (X >= 3.0)
        assert (np.float64(3.0) > X) == (X < 3.0)
        assert (np.float64(3.0) >= X) == (X <= 3.0)
        assert isinstance(np.less(X, Y), Event)
        assert np.less(X, Y) == (X < Y)


class TestIdentity:
    def test_equality_is_identity(self) -> None:
        """numpy's scalars are never the same unknown; two uncertain numbers may be."""
        assert (np.float64(3.0) == X) is False
        assert (np.float64(3.0) != X) is True
        assert np.equal(X, X) is True
        assert np.not_equal(X, X) is False
        assert np.equal(X, Y) is False
        assert np.not_equal(X, Y) is True
        assert {np.equal: True, np.not_equal: False} == IDENTITY

    def test_a_known_number_is_no_float(self) -> None:
        """An uncertain number with one value equals itself, never the float."""
        assert (about(3, sd=1) == 3.0) is False
        assert (np.float64(3.0) == Uncertain.of(3.0)) is False
        assert np.equal(Uncertain.of(3.0), Uncertain.of(3.0)) is True
