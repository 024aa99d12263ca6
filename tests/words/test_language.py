import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.errors import AttritionError, WordError
from attrition.words import chance_text, word
from attrition.words.language import SCALES, Band

# ICD 203 as printed: the term of each row, and its stretch in per cent.
ICD_203 = [
    ("almost no chance", "remote", 1, 5),
    ("very unlikely", "highly improbable", 5, 20),
    ("unlikely", "improbable", 20, 45),
    ("roughly even chance", "roughly even odds", 45, 55),
    ("likely", "probable", 55, 80),
    ("very likely", "highly probable", 80, 95),
    ("almost certain", "nearly certain", 95, 99),
]

OPPOSITE = {
    "almost no chance": "almost certain",
    "very unlikely": "very likely",
    "unlikely": "likely",
    "roughly even chance": "roughly even chance",
    "likely": "unlikely",
    "very likely": "very unlikely",
    "almost certain": "almost no chance",
}


class TestWord:
    @pytest.mark.parametrize(("term", "other", "low", "high"), ICD_203)
    def test_middle_of_every_band(self, term: str, other: str, low: int, high: int) -> None:
        """The middle of a band has the term that ICD 203 prints for it, in either row."""
        p = (low + high) / 200.0
        found = word(p)

        assert (found.text, word(p, row="probable").text) == (term, other)
        assert (found.low, found.high) == (low / 100.0, high / 100.0)
        assert found.exact
        assert not found.outside

    @pytest.mark.parametrize(
        ("p", "term"),
        [
            (0.01, "almost no chance"),
            (0.05, "almost no chance"),
            (0.20, "very unlikely"),
            (0.45, "roughly even chance"),
            (0.55, "roughly even chance"),
            (0.80, "very likely"),
            (0.95, "almost certain"),
            (0.99, "almost certain"),
        ],
    )
    def test_edge_goes_to_the_narrower_band(self, p: float, term: str) -> None:
        """A shared edge has one word, the one of the narrower band, and lies inside it."""
        assert word(p).text == term
        assert word(p).exact

    @given(st.integers(min_value=11, max_value=1013))
    def test_complement_has_the_mirror_word(self, over: int) -> None:
        """An event and its complement never get words that contradict each other."""
        # A whole number over 1024 makes 1 - p exact.
        p = over / 1024.0

        assert word(1.0 - p).text == OPPOSITE[word(p).text]

    @pytest.mark.parametrize(
        ("p", "text", "low", "high"),
        [
            (0.0, "below 1 %: outside the ICD 203 table", 0.0, 0.01),
            (0.0099, "below 1 %: outside the ICD 203 table", 0.0, 0.01),
            (0.9901, "above 99 %: outside the ICD 203 table", 0.99, 1.0),
            (1.0, "above 99 %: outside the ICD 203 table", 0.99, 1.0),
        ],
    )
    def test_ends_have_no_term(self, p: float, text: str, low: float, high: float) -> None:
        """ICD 203 has no word below 1 and above 99 per cent, and the text says so."""
        found = word(p)

        assert found.text == text
        assert (found.low, found.high) == (low, high)
        assert found.outside
        assert not found.exact

    def test_first_row_unless_told(self) -> None:
        """The row with "likely" is the one that is used when none is named."""
        assert word(0.6) == word(0.6, row="likely", scale="icd203")
        assert word(0.6) != word(0.6, row="probable")

    def test_rows_share_no_term(self) -> None:
        """No term stands in both rows, so that a text cannot mix them unseen."""
        first, second = zip(*(band.terms for band in SCALES["icd203"].bands), strict=True)

        assert not set(first) & set(second)

    def test_prints_as_its_text(self) -> None:
        """In a sentence a word is its text."""
        assert f"It is {word(0.87)} to shrink." == "It is very likely to shrink."

    def test_goes_through_pickle(self) -> None:
        """A word is equal to itself after pickling."""
        assert pickle.loads(pickle.dumps(word(0.3))) == word(0.3)

    @pytest.mark.parametrize("p", [np.float64(0.3), np.float32(0.3)])
    def test_takes_numpy_numbers(self, p: np.floating) -> None:
        """A numpy scalar is a probability like any other."""
        assert word(p).text == "unlikely"

    @pytest.mark.parametrize(
        ("p", "shown"),
        [
            (True, "True"),
            (np.True_, "np.True_"),
            ("0.5", "'0.5'"),
            (None, "None"),
            (float("nan"), "nan"),
            (-0.1, "-0.1"),
            (1.1, "1.1"),
            (87, "87"),
        ],
    )
    def test_no_probability(self, p: float, shown: str) -> None:
        """What is no probability is refused, and the message shows how to write one."""
        with pytest.raises(WordError) as caught:
            word(p)
        assert str(caught.value) == (
            f"cannot put {shown} into words: expected a probability in [0, 1]. "
            "Write 87 per cent as word(0.87)."
        )

    def test_unknown_scale(self) -> None:
        """A scale nobody entered is refused, and the message lists the known ones."""
        with pytest.raises(WordError) as caught:
            word(0.5, scale="icd")
        assert str(caught.value) == (
            "scale 'icd' is not known: expected one of ['icd203']. Write word(p, scale='icd203')."
        )

    def test_unknown_row(self) -> None:
        """A row that the table does not have is refused, and the message lists its rows."""
        with pytest.raises(WordError) as caught:
            word(0.5, row="remote")
        assert str(caught.value) == (
            "row 'remote' of the ICD 203 table is not known: expected one of "
            "['likely', 'probable']. Write row='likely'."
        )

    def test_errors_have_two_parents(self) -> None:
        """A bad probability is caught as ours and as Python's own kind."""
        assert issubclass(WordError, AttritionError)
        assert issubclass(WordError, ValueError)


class TestBand:
    def test_distance(self) -> None:
        """The distance to a band is that to its nearer edge, and 0 within."""
        band = Band(low=0.25, high=0.375, terms=("unlikely",))

        assert [band.distance(p) for p in (0.125, 0.25, 0.3, 0.375, 0.875)] == [
            0.125,
            0.0,
            0.0,
            0.0,
            0.5,
        ]


class TestScales:
    def test_bands_cover_the_table_without_gaps(self) -> None:
        """Every band of ICD 203 begins where the one below it ends, from 1 to 99 per cent."""
        bands = SCALES["icd203"].bands

        assert [band.low for band in bands] == [0.01, 0.05, 0.20, 0.45, 0.55, 0.80, 0.95]
        assert [band.high for band in bands] == [0.05, 0.20, 0.45, 0.55, 0.80, 0.95, 0.99]

    def test_every_band_has_a_term_for_each_row(self) -> None:
        """A scale names as many terms in every band as it has rows."""
        assert all(
            len(band.terms) == len(scale.rows) for scale in SCALES.values() for band in scale.bands
        )


class TestChanceText:
    def test_inside_the_table_the_word_comes_with_its_per_cent(self) -> None:
        """A probability in the table is its term and, in brackets, the per cent."""
        assert chance_text(0.87) == "very likely (87 %)"

    def test_outside_the_table_it_says_so_and_gives_no_false_certainty(self) -> None:
        """Beyond the ends of the table there is no term and no 100 per cent."""
        assert chance_text(0.0001) == "below 1 % (outside the ICD 203 table)"
