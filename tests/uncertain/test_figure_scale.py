import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.uncertain.figure_number import read_amount
from attrition.uncertain.figure_scale import settle_range, settle_spread
from attrition.uncertain.figure_tokens import cut

NUMBERS = st.integers(min_value=1, max_value=10**6)
SCALES = st.sampled_from([("thousand", 10**3), ("million", 10**6)])


class TestSettleRange:
    @given(NUMBERS, SCALES, NUMBERS, SCALES)
    def test_own_scales_are_kept(
        self, low: int, first: tuple[str, int], more: int, second: tuple[str, int]
    ) -> None:
        """Two ends with scales of their own are read as written."""
        high = -(-low * first[1] // second[1]) + more
        text = cut(f"{low} {first[0]} to {high} {second[0]}")
        one, other = settle_range(text, read_amount(text, 0, None), read_amount(text, 3, None))

        assert (one.value, other.value) == (low * first[1], high * second[1])

    @pytest.mark.parametrize(
        ("text", "ends"),
        [
            ("999 to 1,000 thousand", (999_000.0, 1_000_000.0)),
            ("1,000 to 999 thousand", (1_000.0, 999_000.0)),
            ("20 to 19,000", (20.0, 19_000.0)),
            ("19 to 19,000", (19.0, 19_000.0)),
            ("1,000-2,000,000", (1_000.0, 2_000_000.0)),
            ("300 to 300 thousand", (300.0, 300_000.0)),
            ("500 to 0.6 thousand", (500.0, 600.0)),
            ("-9 to 3,000", (-9.0, 3_000.0)),
        ],
    )
    def test_edges(self, text: str, ends: tuple[float, float]) -> None:
        """A scale is borrowed only by a number below 1,000 that stays below the other end."""
        tokens = cut(text)
        one = read_amount(tokens, 0, None)
        found = settle_range(tokens, one, read_amount(tokens, one.at + 1, None))

        assert (found[0].value, found[1].value) == ends


class TestSettleSpread:
    @pytest.mark.parametrize(
        ("text", "pair"),
        [
            ("44k ± 2 thousand", (44_000.0, 2_000.0)),
            ("999 ± 998 thousand", (999_000.0, 998_000.0)),
            ("1,000 ± 999 thousand", (1_000.0, 999_000.0)),
            ("100k ± 100", (100_000.0, 100.0)),
            ("1,000 ± 3,000", (1_000.0, 3_000.0)),
            ("999 ± 3,500", (999.0, 3_500.0)),
            ("-44 ± 3 thousand", (-44_000.0, 3_000.0)),
        ],
    )
    def test_edges(self, text: str, pair: tuple[float, float]) -> None:
        """A point borrows the scale of a smaller spread; a clear spread stands as written."""
        tokens = cut(text)
        one = read_amount(tokens, 0, None)
        found = settle_spread(tokens, one, read_amount(tokens, one.at + 1, None))

        assert (found[0].value, found[1].value) == pair
