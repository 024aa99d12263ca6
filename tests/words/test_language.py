import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.errors import AttritionError, WordError
from attrition.words import SCALES, band_of, chance_text, word
from tests.accounts.records import unchecked

scales = st.sampled_from(sorted(SCALES))


class TestError:
    @pytest.mark.parametrize(
        ("p", "error", "text"),
        [
            (0.2003, 0.000151, "very unlikely or unlikely"),
            (0.2003, 0.000149, "unlikely"),
            (0.1998, 0.0002, "very unlikely or unlikely"),
            (0.5, 0.03, "unlikely or roughly even chance or likely"),
            (0.9891, 0.0005, "almost certain or above 99 % (outside the ICD 203 table)"),
            (0.0, 0.001, "below 1 % (outside the ICD 203 table)"),
            (0.0, 0.01, "below 1 % (outside the ICD 203 table) or almost no chance"),
        ],
    )
    def test_words_within_two_standard_errors(self, p: float, error: float, text: str) -> None:
        """A boundary within two standard errors brings the words of both its sides."""
        assert word(p, error=error).text == text

    def test_row(self) -> None:
        """Both words are of one row."""
        found = word(0.2003, error=0.001, row="probable")

        assert found.terms == ("highly improbable", "improbable")
        assert str(found) == "highly improbable or improbable"

    def test_edges_and_flags(self) -> None:
        """Two words span both bands, and are exact as long as no part lies in a gap or beyond."""
        inside, beyond = word(0.2003, error=0.001), word(0.9891, error=0.001)
        gap = word(0.901, scale="phia", error=0.001)

        assert (inside.low, inside.high, inside.exact, inside.outside) == (0.05, 0.45, True, False)
        assert (beyond.low, beyond.high, beyond.exact, beyond.outside) == (0.95, 1.0, False, True)
        assert (gap.text, gap.exact, gap.outside) == ("highly likely", False, False)

    def test_across_a_gap(self) -> None:
        """Within a gap the words change half-way through it."""
        assert word(0.7755, scale="phia", error=0.0002).text == "highly likely"
        assert word(0.7755, scale="phia", error=0.0004).text == "likely or highly likely"
        assert word(0.7755, scale="phia", error=0.1).text == (
            "likely or highly likely or almost certain"
        )

    def test_possible_and_nearly_impossible(self) -> None:
        """A probability that was found to be 0 give or take something may not be impossible."""
        assert word(0.0, scale="kent", error=1e-5).text == "impossible or almost certainly not"
        assert word(1.0, scale="phia", error=1e-5).text == (
            "almost certain or 100 % (outside the PHIA table)"
        )

    @given(scales, st.floats(0.0, 1.0), st.floats(0.0, 0.5), st.floats(-2.0, 2.0))
    def test_no_word_is_left_out(self, scale: str, p: float, error: float, off: float) -> None:
        """The words of all probabilities within two standard errors are there."""
        true = min(max(p + off * error, 0.0), 1.0)

        assert set(word(true, scale=scale).terms) <= set(word(p, scale=scale, error=error).terms)

    @pytest.mark.parametrize("error", [-0.001, math.nan, math.inf, True, "0.01", None])
    def test_no_error(self, error: object) -> None:
        """What is no standard error is refused."""
        with pytest.raises(WordError) as caught:
            unchecked(word)(0.3, error=error)
        assert str(caught.value) == (
            f"error is {error!r}: expected the numerical standard error of a probability, 0 or "
            "more. Write error=0 for a probability that is exact."
        )


class TestWord:
    def test_first_row_unless_told(self) -> None:
        """The row with "likely" is the one that is used when none is named."""
        assert word(0.6) == word(0.6, row="likely", scale="icd203", error=0)
        assert word(0.6) != word(0.6, row="probable")

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
        """A scale nobody entered is refused, whoever asks for it."""
        for ask in (
            lambda: word(0.5, scale="icd"),
            lambda: chance_text(0.5, scale="icd"),
            lambda: band_of("likely", scale="icd"),
        ):
            with pytest.raises(WordError, match=r"^scale 'icd' is not known: expected one of \["):
                ask()

    @pytest.mark.parametrize(
        ("scale", "title", "known"),
        [
            ("icd203", "ICD 203", "['likely', 'probable']. Write row='likely'."),
            ("ipcc", "IPCC", "['likely']. Write row='likely'."),
            ("kent", "Kent", "['probable']. Write row='probable'."),
        ],
    )
    def test_unknown_row(self, scale: str, title: str, known: str) -> None:
        """A row that the table does not have is refused, and the message lists its rows."""
        with pytest.raises(WordError) as caught:
            word(0.5, scale=scale, row="remote")
        assert str(caught.value) == (
            f"row 'remote' of the {title} table is not known: expected one of {known}"
        )

    def test_errors_have_two_parents(self) -> None:
        """A bad probability is caught as ours and as Python's own kind."""
        assert issubclass(WordError, AttritionError)
        assert issubclass(WordError, ValueError)


class TestBandOf:
    @pytest.mark.parametrize("text", ["Likely", "LIKELY", "  likely\n"])
    def test_any_case_of_letters(self, text: str) -> None:
        """How a word is written down makes no difference to what it means."""
        assert band_of(text, scale="ipcc") == band_of("likely", scale="ipcc")
        assert band_of("Very \t Likely", scale="ipcc").low == 0.9

    def test_one_word_has_several_meanings(self) -> None:
        """What "likely" stands for depends on who says it."""
        assert [str(band_of("likely", scale=scale)) for scale in ("icd203", "phia", "ipcc")] == [
            "55 to 80 %",
            "55 to 75 %",
            "66 to 100 %",
        ]

    def test_no_scale_is_guessed(self) -> None:
        """The scale has no default, as it decides the meaning."""
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'scale'"):
            unchecked(band_of)("likely")

    @pytest.mark.parametrize("text", ["likely", "", "almost", None, 0.75, ["probable"]])
    def test_unknown_word(self, text: object) -> None:
        """A word of another table is refused, and the message lists the words of this one."""
        with pytest.raises(WordError) as caught:
            unchecked(band_of)(text, scale="kent")
        assert str(caught.value) == (
            f"{text!r} is no word of the Kent table: expected one of ['impossible', 'almost "
            "certainly not', 'probably not', 'chances about even', 'probable', 'almost certain', "
            "'certain']. Spell it as listed, or name the scale whose word it is."
        )

    def test_both_rows_are_listed(self) -> None:
        """The list for ICD 203 holds the words of both rows."""
        with pytest.raises(WordError) as caught:
            band_of("realistic possibility", scale="icd203")
        assert str(caught.value) == (
            "'realistic possibility' is no word of the ICD 203 table: expected one of ['almost no "
            "chance', 'remote', 'very unlikely', 'highly improbable', 'unlikely', 'improbable', "
            "'roughly even chance', 'roughly even odds', 'likely', 'probable', 'very likely', "
            "'highly probable', 'almost certain', 'nearly certain']. Spell it as listed, or name "
            "the scale whose word it is."
        )


class TestChanceText:
    def test_inside_the_table_the_word_comes_with_its_per_cent(self) -> None:
        """A probability in the table is its term and, in brackets, the per cent."""
        assert chance_text(0.87) == "very likely (87 %)"
        assert chance_text(0.87, row="probable") == "highly probable (87 %)"

    def test_outside_the_table_it_says_so_and_gives_no_false_certainty(self) -> None:
        """Beyond the ends of the table there is no term and no 100 per cent."""
        assert chance_text(0.0001) == "below 1 % (outside the ICD 203 table)"

    def test_in_a_gap_it_says_so(self) -> None:
        """A term that is only the nearest one is marked as that."""
        assert chance_text(0.92, scale="phia") == "highly likely (92 %, nearest term)"
        assert chance_text(0.9996, scale="kent") == "almost certain (above 99 %, nearest term)"

    def test_near_a_boundary_it_gives_both(self) -> None:
        """A numerical error across a boundary brings both words, with one per cent."""
        assert chance_text(0.2003, error=0.001) == "very unlikely or unlikely (20 %)"
