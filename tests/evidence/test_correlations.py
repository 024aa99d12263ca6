import math
from datetime import date

import numpy as np
import pytest

from attrition.accounts import Category, LossEstimate, Period
from attrition.errors import DependenceError, NumberError, ParameterError
from attrition.evidence.correlations import Dependence, correlation_matrix
from tests.accounts.records import JANUARY, lost, unchecked

AUTUMN = [lost(5, period=Period.month(2025, month)) for month in (9, 10, 11)]
NAMES = (
    "KILLED_AND_WOUNDED, September 2025, Russia; KILLED_AND_WOUNDED, October 2025, Russia; "
    "KILLED_AND_WOUNDED, November 2025, Russia"
)
CHOICES = (
    'Type dependence=0.5 for one correlation between all of them, a matrix, dependence="ar1" with '
    'rho=0.6, or dependence="as built" for the ties that the numbers have.'
)


def weeks(*starts: int) -> list[LossEstimate]:
    """Weeks of January that begin on these days."""
    return [lost(5, period=Period.days(date(2026, 1, start), 7)) for start in starts]


def found(dependence: Dependence, rho: float | None = None) -> object:
    """The matrix for three months in a row, as lists."""
    matrix = correlation_matrix(AUTUMN, dependence, rho)
    return None if matrix is None else matrix.tolist()


class TestChoices:
    def test_one_for_all(self) -> None:
        """A number stands beside a diagonal of ones."""
        assert found(0.3) == [[1, 0.3, 0.3], [0.3, 1, 0.3], [0.3, 0.3, 1]]

    def test_a_matrix(self) -> None:
        """A matrix is taken as it is."""
        rows = [[1, 0.5, -0.2], [0.5, 1, 0.1], [-0.2, 0.1, 1]]

        assert found(rows) == rows
        assert found(np.array(rows)) == rows

    def test_as_built(self) -> None:
        """The ties of the numbers need no matrix."""
        assert found("as built") is None

    def test_one_estimate(self) -> None:
        """One estimate has nobody to be correlated with."""
        assert correlation_matrix(AUTUMN[:1], -0.9, None) == [[1.0]]


class TestAutoregression:
    def test_months(self) -> None:
        """Months that follow each other are one step apart, though they differ in days."""
        assert found("ar1", 0.6) == [[1, 0.6, 0.36], [0.6, 1, 0.6], [0.36, 0.6, 1]]

    def test_any_order_and_gaps(self) -> None:
        """Steps are counted in time, whatever the order, and a week left out is a step."""
        matrix = correlation_matrix(weeks(22, 1, 8), "ar1", -0.5)

        assert matrix is not None
        np.testing.assert_array_equal(
            matrix, [[1, -0.125, 0.25], [-0.125, 1, -0.5], [0.25, -0.5, 1]]
        )

    def test_none_and_all(self) -> None:
        """With rho 0 the errors are independent, with rho 1 they are one."""
        assert found("ar1", 0) == np.eye(3).tolist()
        assert found("ar1", 1) == np.ones((3, 3)).tolist()

    @pytest.mark.parametrize(
        ("estimates", "names"),
        [
            (
                [AUTUMN[0], *weeks(1)],
                (
                    "KILLED_AND_WOUNDED, September 2025, Russia; "
                    "KILLED_AND_WOUNDED, 2026-01-01 to 2026-01-07, Russia"
                ),
            ),
            (
                weeks(1, 9),
                (
                    "KILLED_AND_WOUNDED, 2026-01-01 to 2026-01-07, Russia; "
                    "KILLED_AND_WOUNDED, 2026-01-09 to 2026-01-15, Russia"
                ),
            ),
            (
                [lost(5, Category.KILLED), lost(5, Category.WOUNDED)],
                "KILLED, January 2026, Russia; WOUNDED, January 2026, Russia",
            ),
        ],
    )
    def test_other_periods(self, estimates: list[LossEstimate], names: str) -> None:
        """Unequal lengths, broken steps and one period for all have no next one."""
        with pytest.raises(DependenceError) as caught:
            correlation_matrix(estimates, "ar1", 0.6)

        assert str(caught.value) == (
            f'dependence is "ar1" for {names}: expected periods of one length, whole steps apart, '
            "for rho is the correlation between one and the next. Type a matrix of correlations."
        )

    @pytest.mark.parametrize(
        ("dependence", "rho"), [("ar1", None), (0.5, 0.6), ("as built", 0.6), ("AR1", 0.6)]
    )
    def test_rho_belongs_to_it(self, dependence: Dependence, rho: float | None) -> None:
        """Rho stands beside "ar1", and nowhere else."""
        with pytest.raises(DependenceError) as caught:
            correlation_matrix(AUTUMN, dependence, rho)

        assert str(caught.value) == (
            f"dependence is {dependence!r} and rho is {rho}: expected rho beside "
            'dependence="ar1", and nowhere else. Type dependence="ar1", rho=0.6 for neighbours '
            "with a correlation of 0.6."
        )


class TestRefusals:
    def test_other_texts(self) -> None:
        """A text that is no choice is answered with the choices."""
        with pytest.raises(DependenceError) as caught:
            unchecked(correlation_matrix)(AUTUMN, "independent", None)

        assert str(caught.value) == (
            'dependence is \'independent\': expected a number, a matrix, "ar1" or "as built". '
            f"{CHOICES}"
        )

    @pytest.mark.parametrize(
        ("dependence", "rho", "text"),
        [
            (
                60,
                None,
                (
                    "dependence is 60: expected a number in [-1, 1]. "
                    "Type for example dependence=0.6."
                ),
            ),
            (
                "ar1",
                -1.5,
                "rho is -1.5: expected a number in [-1, 1]. Type for example rho=0.6.",
            ),
        ],
    )
    def test_outside(self, dependence: Dependence, rho: float | None, text: str) -> None:
        """Correlations lie in [-1, 1]."""
        with pytest.raises(DependenceError) as caught:
            correlation_matrix(AUTUMN, dependence, rho)

        assert str(caught.value) == text

    @pytest.mark.parametrize(
        ("dependence", "error"),
        [(True, NumberError), (math.nan, ParameterError), (None, NumberError)],
    )
    def test_no_number(self, dependence: object, error: type[Exception]) -> None:
        """A bool, nan and nothing are no correlations."""
        with pytest.raises(error):
            unchecked(correlation_matrix)(AUTUMN, dependence, None)

    def test_shape(self) -> None:
        """A matrix has a row and a column for each estimate."""
        with pytest.raises(DependenceError) as caught:
            correlation_matrix(AUTUMN, [[1, 0.5], [0.5, 1]], None)

        assert str(caught.value) == (
            "dependence has shape (2, 2): expected (3, 3), a row and a column for each of "
            f"{NAMES}. {CHOICES}"
        )

    @pytest.mark.parametrize(
        ("row", "column", "value", "across"),
        [(0, 2, 1.2, 0), (0, 1, 0.4, 0), (1, 2, math.nan, 0), (1, 1, 0.9, 0.9)],
    )
    def test_form(self, row: int, column: int, value: float, across: float) -> None:
        """Correlations lie in [-1, 1], are symmetric, and 1 with oneself."""
        matrix = np.eye(3)
        matrix[row, column] = value
        with pytest.raises(DependenceError) as caught:
            correlation_matrix(AUTUMN, matrix, None)

        months = ["September", "October", "November"]
        pair = "; ".join(
            f"KILLED_AND_WOUNDED, {months[place]} 2025, Russia" for place in (row, column)
        )
        assert str(caught.value) == (
            f"dependence has {value:g} in row {row} and column {column} and {across:g} across the "
            "diagonal: expected correlations in [-1, 1], the same on either side, and 1 on the "
            f"diagonal. They are between {pair}."
        )

    @pytest.mark.parametrize(
        ("dependence", "eigenvalue"),
        # Of a common correlation r: 1 + 2 r. Of the chain: 1 - 0.9 sqrt(2).
        [(-0.6, "-0.2"), ([[1, 0.9, 0], [0.9, 1, -0.9], [0, -0.9, 1]], "-0.273")],
    )
    def test_eigenvalues(self, dependence: Dependence, eigenvalue: str) -> None:
        """Correlations that cannot hold together are refused with the smallest eigenvalue."""
        with pytest.raises(DependenceError) as caught:
            correlation_matrix(AUTUMN, dependence, None)

        assert str(caught.value) == (
            f"the correlations between {NAMES} cannot hold together: the smallest eigenvalue of "
            f"their matrix is {eigenvalue}, expected 0 or more. Type correlations closer to 0; a "
            "common one of 3 estimates is -0.5 or more."
        )

    def test_rounding(self) -> None:
        """What rounding leaves on the diagonal and across it is no fault."""
        matrix = np.corrcoef([[1.0, 2.0, 4.0], [3.0, 1.0, 2.5], [0.1, 0.7, 0.2]])

        assert found(matrix + 1e-12 * np.triu(np.ones((3, 3)))) is not None

    def test_the_limit_holds(self) -> None:
        """A common correlation of -1 / (n - 1) is just possible."""
        assert found(-0.5) is not None
        assert correlation_matrix([*AUTUMN, lost(5, period=JANUARY)], -1 / 3, None) is not None
