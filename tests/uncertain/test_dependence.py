import math
import pickle
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from attrition.errors import DependenceError, NumberError
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    correlate,
    draws,
    exactly,
    from_draws,
    from_joint_draws,
    probability,
    uniform,
)
from attrition.uncertain.dependence import root_of_scores

RANKS = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, -0.3], [0.2, -0.3, 1.0]])


def _three() -> tuple[Uncertain, Uncertain, Uncertain]:
    return (
        about(3, sd=1, name="losses"),
        between(1, 10, confidence=0.9, family="lognormal"),
        Uncertain.of(stats.gamma(2.5)),
    )


class TestLaws:
    def test_laws_stay(self) -> None:
        """A correlated number has the law and the name that it had."""
        old = _three()
        new = correlate(old, spearman=RANKS)

        for before, after in zip(old, new, strict=True):
            assert after.same_law(before)
            assert (after.method, after.name) == ("exact", before.name)
            assert after != before

    def test_draws_keep_the_laws(self) -> None:
        """Draws of correlated numbers pass a test against the laws they had."""
        old = _three()
        values = draws(*correlate(old, spearman=RANKS), n=20_000, rng=20260101)

        for before, found in zip(old, values, strict=True):
            assert stats.kstest(found, before.cdf).pvalue > 1e-6

    def test_repr_names_the_law(self) -> None:
        """A correlated number says what it is and that it is tied."""
        a, b, _ = correlate(_three(), spearman=RANKS)

        assert repr(a) == "Uncertain(Normal(centre=3.0, sd=1.0), 'losses', correlated)"
        assert re.fullmatch(r"Uncertain\(LogNormal\(.*\), correlated\)", repr(b))


class TestCorrelations:
    def test_rank_correlations(self) -> None:
        """Draws have the rank correlations asked for, within five standard errors of 200,000."""
        values = np.array(draws(*correlate(_three(), spearman=RANKS), n=200_000, rng=20260102))
        found = stats.spearmanr(values.T).statistic

        assert np.abs(found - RANKS).max() < 5.0 / math.sqrt(200_000)

    @pytest.mark.parametrize("r", [-1.0, -0.6, 0.0, 0.8, 1.0])
    def test_correlated_normals(self, r: float) -> None:
        """The variance of a difference of normals is that of the textbook."""
        a, b = correlate([about(44, sd=3), about(35, sd=4)], normal_scores=r)

        assert (a - b).method == "exact"
        assert (a - b).var() == pytest.approx(9.0 + 16.0 - 2.0 * r * 12.0)
        assert (2.0 * a + b).var() == pytest.approx(36.0 + 16.0 + 4.0 * r * 12.0)
        assert (a - b).mean() == pytest.approx(9.0)

    def test_correlated_lognormals(self) -> None:
        """The logarithm of a quotient of lognormals has the variance of the textbook."""
        a = between(10, 20, confidence=0.9, family="lognormal")
        b = between(3, 12, confidence=0.9, family="lognormal")
        s, t = (math.log(x.ppf(0.95) / x.median()) / stats.norm.ppf(0.95) for x in (a, b))
        a, b = correlate([a, b], normal_scores=0.7)
        ratio = 5.0 * a / b

        assert ratio.method == "exact"
        sigma = math.sqrt(s * s + t * t - 2.0 * 0.7 * s * t)
        middle = 5.0 * math.sqrt(200.0) / 6.0
        expected = stats.lognorm(sigma, scale=middle).ppf([0.05, 0.5, 0.9])
        assert ratio.ppf([0.05, 0.5, 0.9]) == pytest.approx(expected, rel=1e-12)

    def test_spearman_one_is_comonotone(self) -> None:
        """With rank correlation 1 both rise together, one quantile with the other."""
        a, b = correlate([uniform(0, 2), about(5, sd=1)], spearman=1)
        x, y = draws(a, b, n=1_000, rng=20260103)

        assert y == pytest.approx(5.0 + stats.norm.ppf(x / 2.0), rel=1e-9)

    def test_point_masses_with_normal_scores(self) -> None:
        """Values without a density may be tied through their scores."""
        a, b = correlate([from_draws([1, 2, 3, 4]), about(3, sd=1)], normal_scores=0.9)

        assert a.same_law(from_draws([1, 2, 3, 4]))
        assert probability((a > 2.5) & (b > 3.0)) > 0.4

    @given(st.floats(-0.99, 0.99), st.floats(-0.99, 0.99), st.floats(-0.99, 0.99))
    def test_rows_have_the_correlations(self, a: float, b: float, c: float) -> None:
        """The weights of the scores multiply to the matrix they came from."""
        matrix = np.array([[1.0, a, b], [a, 1.0, c], [b, c, 1.0]])
        if np.linalg.eigvalsh(matrix)[0] >= 0.0:
            root = root_of_scores(matrix)
            assert root @ root.T == pytest.approx(matrix, abs=1e-6)
            assert (root[np.triu_indices(3, 1)] == 0.0).all()

    def test_singular_matrices(self) -> None:
        """Of three numbers, two may be one and the same but for their laws."""
        matrix = np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]])
        root = root_of_scores(matrix)

        assert root @ root.T == pytest.approx(matrix, abs=1e-15)
        a, b, c = correlate([about(i, sd=i) for i in (1, 2, 3)], normal_scores=matrix)
        assert (2.0 * a - b).std() == 0.0
        assert (a + c).var() == pytest.approx(1.0 + 9.0 + 2.0 * 0.5 * 3.0)


class TestTies:
    def test_pickling_keeps_ties(self) -> None:
        """What is pickled together or apart is the same unknown after."""
        a, b, _ = correlate(_three(), spearman=RANKS)
        again, other = pickle.loads(pickle.dumps(a)), pickle.loads(pickle.dumps((a, b)))[1]

        assert again == a
        assert other == b
        assert (again - a).std() == 0.0
        with pytest.raises(DependenceError):
            (_three()[0] + again).median()

    def test_common_random_numbers(self) -> None:
        """Another correlation keeps the draws of the first number."""
        x, y = about(3, sd=1, name="x"), about(3, sd=1, name="y")
        (a, b), (c, d) = (correlate([x, y], normal_scores=r) for r in (0.2, 0.9))
        drawn = draws(a, b, n=1_000, rng=20260104), draws(c, d, n=1_000, rng=20260104)

        assert (drawn[0][0] == drawn[1][0]).all()
        assert (drawn[0][1] != drawn[1][1]).any()

    @pytest.mark.parametrize(
        "ask",
        [
            lambda old, new: (old + new).median(),
            lambda old, new: probability(new > old),
            lambda old, new: draws(old, new, n=3, rng=20260101),
            lambda old, new: (old * new + old).rvs(3, rng=20260101),
        ],
    )
    def test_old_and_new(self, ask: Callable[[Uncertain, Uncertain], object]) -> None:
        """A question that holds a number before and after is refused, whatever it asks."""
        x, y = about(3, sd=1, name="losses"), about(5, sd=1)
        _, new = correlate([x, y], spearman=0.5)

        for old, label in ((x, "'losses'"), (y, "Normal(centre=5.0, sd=1.0)")):
            with pytest.raises(DependenceError) as caught:
                ask(old, new)
            assert str(caught.value) == (
                f"{label} enters as it was before it was tied to others, and as it was after: one "
                f"question holds the old unknown and the new one. Build every record and "
                f"expression from what correlate or reconcile returned."
            )

    def test_tied_twice(self) -> None:
        """Two correlations that share a number know nothing of each other, and are refused."""
        x, y, z = about(3, sd=1, name="x"), about(5, sd=1), about(7, sd=1)
        first, _ = correlate([x, y], normal_scores=0.5)
        second, third = correlate([x, z], normal_scores=0.5)

        assert (second + third).std() == pytest.approx(math.sqrt(3.0))
        with pytest.raises(DependenceError) as caught:
            (first + third).median()
        assert str(caught.value) == (
            "two numbers took the place of one unknown in two calls that know nothing of each "
            "other, and one question holds both. State all correlations of a group in one call "
            "of correlate, and all claims in one of reconcile."
        )


def _refused(numbers: list[Uncertain], **options: object) -> str:
    with pytest.raises(DependenceError) as caught:
        correlate(numbers, **options)  # type: ignore[arg-type] # on purpose
    return str(caught.value)


class TestRefusals:
    def test_what_is_no_number(self) -> None:
        """Only uncertain numbers have a spread to correlate."""
        with pytest.raises(NumberError) as caught:
            correlate([about(3, sd=1), 5.0], spearman=0.5)  # type: ignore[list-item] # on purpose
        assert str(caught.value) == (
            "5.0 among the numbers to correlate: expected uncertain numbers. Type for example "
            "correlate([about(44_000, sd=3_000), about(35_000, sd=4_000)], spearman=0.6)."
        )

    def test_what_is_no_leaf(self) -> None:
        """A number whose ties are settled is refused by what settled them."""
        x, y = about(3, sd=1), about(5, sd=1)
        new, _ = correlate([x, y], spearman=0.5)
        column = from_joint_draws({"a": [1, 2], "b": [1, 3]})["a"]

        assert _refused([x, exactly(3)], spearman=0.5) == (
            "exactly(3) is known: expected numbers with a spread. Leave it out."
        )
        assert _refused([x, column], spearman=0.5) == (
            "Uncertain(column 'a') is known only together with others: its ties are those of its "
            "draws. Leave it out."
        )
        assert _refused([x, x + y], spearman=0.5) == (
            "Uncertain(Add of 2 unknowns) is computed, which settles its ties. Correlate the "
            "numbers it was computed from."
        )
        assert _refused([x, new], spearman=0.5) == (
            "Uncertain(Normal(centre=3.0, sd=1.0), correlated) is correlated already. Correlate "
            "all numbers of a group in one call."
        )

    def test_how_many(self) -> None:
        """A correlation is between two or more numbers, each listed once."""
        x = about(3, sd=1)

        assert _refused([x], spearman=0.5) == (
            "1 numbers to correlate: expected two or more. Type for example correlate([x, y], "
            "spearman=0.6)."
        )
        assert _refused([x, about(3, sd=1), x], spearman=0.5) == (
            "one number is listed twice to be correlated: it is itself, with correlation 1. List "
            "every number once."
        )

    def test_which_kind(self) -> None:
        """One kind of correlation is given, neither none nor both."""
        pair = [about(3, sd=1), about(5, sd=1)]

        assert _refused(pair) == (
            "spearman is None and normal_scores is None: expected exactly one of the two. "
            "Type for example spearman=0.6."
        )
        assert _refused(pair, spearman=0.5, normal_scores=0.4) == (
            "spearman is 0.5 and normal_scores is 0.4: expected exactly one of the two. "
            "Type for example spearman=0.6."
        )

    def test_ranks_with_ties(self) -> None:
        """A rank correlation of a number with point masses is refused."""
        assert _refused([about(3, sd=1), from_draws([1, 2])], spearman=0.5) == (
            "spearman of Empirical(2 draws, 2bc1933bf39751c1), which has point masses: the ties "
            "among its ranks keep them from the correlation that was asked for. Type "
            "normal_scores=... instead."
        )

    @pytest.mark.parametrize(
        ("matrix", "text"),
        [
            ([[1.0, 0.5]], "has shape (1, 2): expected (2, 2), a row for every number"),
            ([0.5, 0.5], "has shape (2,): expected (2, 2), a row for every number"),
            (1.5, "holds 1.5: expected numbers in [-1, 1]"),
            (float("nan"), "holds nan: expected numbers in [-1, 1]"),
            (
                [[1.0, 0.5], [0.4, 1.0]],
                "has 0.5 in row 0 and 0.4 in column 0: expected a symmetric matrix",
            ),
            (
                [[1.0, 0.5], [0.5, 0.9]],
                "has other numbers than 1 on its diagonal: expected 1, each with itself",
            ),
        ],
    )
    def test_matrices(self, matrix: object, text: str) -> None:
        """What is no matrix of correlations is refused by what is wrong with it."""
        pair = [about(3, sd=1), about(5, sd=1)]

        for what in ("spearman", "normal_scores"):
            end = f"Type {what}=0.6 for one correlation of all pairs."
            assert _refused(pair, **{what: matrix}) == f"{what} {text}. {end}"

    def test_texts(self) -> None:
        """A text is no correlation."""
        with pytest.raises(NumberError) as caught:
            correlate([about(3, sd=1), about(5, sd=1)], spearman="0.5")
        assert str(caught.value) == (
            "spearman holds values of type <U3: expected numbers in rows of equal length. Type "
            "numbers such as 0.9 or [0.1, 0.9]; a text is never read as one."
        )

    @pytest.mark.parametrize("what", ["spearman", "normal_scores"])
    def test_contradictions(self, what: str) -> None:
        """Correlations that cannot hold together name the eigenvalue and a fix that works."""
        three = _three()
        matrix = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]])
        scores = matrix if what == "normal_scores" else 2.0 * np.sin(np.pi / 6.0 * matrix)
        np.fill_diagonal(scores, 1.0)
        least = np.linalg.eigvalsh(scores)[0]
        share = 0.555 if what == "normal_scores" else 0.536

        assert _refused(list(three), **{what: matrix}) == (
            f"the correlations of {what} cannot hold together: the matrix of normal scores has "
            f"the eigenvalue {least:.3g}, expected none below 0. Multiply all that is off the "
            f"diagonal by {share:.3f} or less."
        )
        off = 1.0 - np.eye(3)
        correlate(three, **{what: np.where(off, share * matrix, 1.0)})
        with pytest.raises(DependenceError):
            correlate(three, **{what: np.where(off, (share + 0.002) * matrix, 1.0)})
