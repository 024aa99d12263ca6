from collections.abc import Mapping

import numpy as np
import pytest

from attrition.errors import DependenceError, NumberError, PoolError
from attrition.evidence.recipe import Recipe, checked_recipe
from tests.accounts.records import unchecked

NOTHING: Mapping[str, object] = {
    "scale": None,
    "heterogeneity": None,
    "weights": None,
    "correlation": None,
}

SCALE = (
    'Type scale="log" where errors multiply, such as give or take 10 per cent, or scale="natural" '
    "where they add, such as give or take 2,000 people."
)
HETEROGENEITY = (
    'Type heterogeneity="Paule-Mandel", or "DerSimonian-Laird" for the older estimate in one step.'
)
CORRELATION = (
    "Type correlation=0.5 with the value that you hold to be right for their errors, or "
    'method="conservative" where nobody knows it.'
)


def recipe(method: str, count: int = 3, /, **options: object) -> Recipe:
    """A recipe for three estimates, from the options that are given."""
    return unchecked(checked_recipe)(method=method, count=count, **{**NOTHING, **options})


class TestOptions:
    @pytest.mark.parametrize(
        ("method", "options"),
        [
            ("linear", {}),
            ("log", {"weights": [0.5, 0.25, 0.25]}),
            ("fixed", {"scale": "natural"}),
            ("random", {"scale": "log", "heterogeneity": "DerSimonian-Laird"}),
            ("dependent", {"scale": "log", "correlation": 0.3}),
            ("conservative", {"scale": "log"}),
            ("conservative", {"scale": "log", "weights": [1, 0, 0]}),
        ],
    )
    def test_what_each_method_takes(self, method: str, options: dict[str, object]) -> None:
        """Each method takes the options it needs, and weights where it has a use for them."""
        assert recipe(method, **options).method == method

    def test_methods(self) -> None:
        """An unknown method is refused with the known ones."""
        with pytest.raises(PoolError) as caught:
            recipe("mean")

        assert str(caught.value) == (
            'method is \'mean\': expected one of "linear", "log", "fixed", "random", "dependent", '
            '"conservative". Type one of them.'
        )

    @pytest.mark.parametrize(
        ("method", "options", "missing", "advice"),
        [
            ("fixed", {}, "scale", SCALE),
            ("conservative", {}, "scale", SCALE),
            ("random", {"scale": "log"}, "heterogeneity", HETEROGENEITY),
            ("dependent", {"scale": "log"}, "correlation", CORRELATION),
        ],
    )
    def test_missing(
        self, method: str, options: dict[str, object], missing: str, advice: str
    ) -> None:
        """What decides the meaning has no default."""
        with pytest.raises(PoolError) as caught:
            recipe(method, **options)

        assert str(caught.value) == f"method={method!r} was given no {missing}. {advice}"

    @pytest.mark.parametrize(
        ("method", "option", "value", "users"),
        [
            ("linear", "scale", "log", '"fixed", "random", "dependent", "conservative"'),
            ("log", "heterogeneity", "Paule-Mandel", '"random"'),
            ("fixed", "weights", (0.5, 0.5), '"linear", "log", "conservative"'),
            ("random", "correlation", 0.5, '"dependent"'),
        ],
    )
    def test_of_no_use(self, method: str, option: str, value: object, users: str) -> None:
        """An option that a method would ignore is refused."""
        options = {"scale": "log", "heterogeneity": "Paule-Mandel"} if method == "random" else {}
        if method == "fixed":
            options = {"scale": "log"}
        with pytest.raises(PoolError) as caught:
            recipe(method, **{**options, option: value})

        assert str(caught.value) == (
            f"{option} is {value!r} with method={method!r}, which has no use for it: expected it "
            f"with {users} only. Leave {option} out."
        )

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"scale": "ln"}, f'scale is \'ln\': expected "natural" or "log". {SCALE}'),
            (
                {"scale": "log", "heterogeneity": "REML"},
                'heterogeneity is \'REML\': expected "DerSimonian-Laird" or "Paule-Mandel". '
                f"{HETEROGENEITY}",
            ),
        ],
    )
    def test_words(self, options: dict[str, object], text: str) -> None:
        """A word that nobody knows is refused with the known ones."""
        with pytest.raises(PoolError) as caught:
            recipe("random", **options)

        assert str(caught.value) == text


class TestWeights:
    @pytest.mark.parametrize(
        ("weights", "shown", "total"),
        [
            ([0.5, 0.5], "(0.5, 0.5)", "1"),
            ([0.5, 0.25, 0.3], "(0.5, 0.25, 0.3)", "1.05"),
            ([1.5, -0.25, -0.25], "(1.5, -0.25, -0.25)", "1"),
            ([[0.5, 0.25, 0.25]], "(0.5, 0.25, 0.25)", "1"),
            ([], "()", "0"),
        ],
    )
    def test_that_do_not_fit(self, weights: object, shown: str, total: str) -> None:
        """Weights are one for each central estimate, and sum to one."""
        with pytest.raises(PoolError) as caught:
            recipe("linear", weights=weights)

        assert str(caught.value) == (
            f"weights are {shown}, which sum to {total}: expected 3, one for each central "
            "estimate, from 0 on and with the sum 1. Floors and ceilings have none."
        )

    def test_rounding(self) -> None:
        """Typed weights that miss one by rounding sum to one exactly."""
        found = recipe("linear", weights=[1 / 3, 1 / 3, 0.3333333333]).weights

        assert found is not None
        assert sum(found) == 1.0

    def test_texts(self) -> None:
        """Weights are numbers."""
        with pytest.raises(NumberError):
            recipe("linear", weights=["a", "b", "c"])


class TestCorrelation:
    def test_one_number(self) -> None:
        """One number holds for all pairs."""
        found = recipe("dependent", scale="log", correlation=0.3).correlation

        assert found == ((1.0, 0.3, 0.3), (0.3, 1.0, 0.3), (0.3, 0.3, 1.0))

    def test_shape(self) -> None:
        """A matrix has a row and a column for each central estimate."""
        with pytest.raises(DependenceError) as caught:
            recipe("dependent", scale="log", correlation=np.eye(2))

        assert str(caught.value) == (
            "correlation has shape (2, 2): expected a number for all pairs, or a matrix of shape "
            "(3, 3), a row and a column for each central estimate. Type for example "
            "correlation=0.5."
        )

    @pytest.mark.parametrize(
        ("correlation", "shown", "smallest"),
        [
            (1, "1 1; 1 1", "0"),
            (-1.5, "1 -1.5; -1.5 1", "-0.5"),
            ([[1, 0.3], [0.4, 1]], "1 0.3; 0.4 1", "nan"),
            ([[2, 0.3], [0.3, 1]], "2 0.3; 0.3 1", "0.92"),
        ],
    )
    def test_none_at_all(self, correlation: object, shown: str, smallest: str) -> None:
        """What no errors can have is refused, and so is one figure under two names."""
        with pytest.raises(DependenceError) as caught:
            recipe("dependent", 2, scale="log", correlation=correlation)

        assert str(caught.value) == (
            f"correlation is the matrix [{shown}]: expected 1 on the diagonal, the same on both "
            f"sides of it, and no eigenvalue of 0 or less, but the smallest is {smallest}. "
            "Figures with a correlation of 1 are one figure: leave one out."
        )


class TestWithout:
    def test_weights_keep_their_ratios(self) -> None:
        """Without one estimate the other weights are scaled up to one."""
        assert recipe("log", weights=[0.5, 0.3, 0.2]).without(0).weights == pytest.approx(
            (0.6, 0.4), rel=1e-14
        )

    def test_rows_and_columns_go(self) -> None:
        """Without one estimate its row and its column go."""
        matrix = [[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]]
        found = recipe("dependent", scale="log", correlation=matrix).without(1)

        assert found.correlation == ((1.0, 0.2), (0.2, 1.0))

    def test_nothing_to_leave_out(self) -> None:
        """A recipe without weights and correlations stays as it is."""
        fixed = recipe("fixed", scale="log")

        assert fixed.without(2) == fixed

    def test_all_the_weight(self) -> None:
        """Without the one that has all of the weight there is none."""
        with pytest.raises(PoolError) as caught:
            recipe("linear", weights=[0, 1, 0]).without(1)

        assert str(caught.value) == (
            "the estimate that is left out has all of the weight, and the others have (0.0, 0.0): "
            "expected weight on another one. Type weights above 0, or leave them out."
        )
