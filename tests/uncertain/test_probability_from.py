import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from attrition.errors import NumberError, ParameterError, WordError
from attrition.uncertain import probability_from, share
from attrition.words import SCALES, Band
from tests.accounts.records import unchecked
from tests.strategies import confidences

WORDS = [(scale, band) for scale in SCALES for band in SCALES[scale].bands]
INSIDE = [(scale, band) for scale, band in WORDS if band.low > 0.0 and band.high < 1.0]
FROM_ZERO = [(scale, band) for scale, band in WORDS if band.low == 0.0 < band.high]
UP_TO_ONE = [(scale, band) for scale, band in WORDS if band.low < 1.0 == band.high]
POINTS = [(scale, band) for scale, band in WORDS if band.low == band.high]


class TestKinds:
    def test_every_word_is_of_one_kind(self) -> None:
        """Eighteen bands lie inside, five begin at 0, six end at 1, and two are points."""
        kinds = [len(kind) for kind in (INSIDE, FROM_ZERO, UP_TO_ONE, POINTS)]

        assert kinds == [18, 5, 6, 2]
        assert sum(kinds) == len(WORDS)


class TestInside:
    @pytest.mark.parametrize(("scale", "band"), INSIDE)
    def test_band_is_the_central_interval(self, scale: str, band: Band) -> None:
        """Each word of a band inside (0, 1) is the share with that central interval."""
        for term in {*band.terms, *band.also}:
            x = probability_from(term, scale=scale, confidence=0.8)

            assert x.interval(0.8) == pytest.approx((band.low, band.high), rel=1e-12)
            assert x.same_law(share(band.low, band.high, confidence=0.8))

    def test_a_scale_decides(self) -> None:
        """One word under two scales is two numbers."""
        here = probability_from("likely", scale="icd203", confidence=0.9)
        there = probability_from("likely", scale="phia", confidence=0.9)

        assert here.interval(0.9) == pytest.approx((0.55, 0.80), rel=1e-12)
        assert there.interval(0.9) == pytest.approx((0.55, 0.75), rel=1e-12)


class TestAtAnEnd:
    @pytest.mark.parametrize(("scale", "band"), FROM_ZERO)
    @given(confidences)
    def test_from_zero(self, scale: str, band: Band, level: float) -> None:
        """Below the upper edge lies the stated mass, and above it all the rest."""
        x = probability_from(band.terms[0], scale=scale, confidence=level)

        assert x.cdf(band.high) == pytest.approx(level, rel=1e-12)
        assert x.sf(band.high) == pytest.approx(1.0 - level, rel=1e-9)
        assert x.support() == (0.0, 1.0)

    @pytest.mark.parametrize(("scale", "band"), UP_TO_ONE)
    @given(confidences)
    def test_up_to_one(self, scale: str, band: Band, level: float) -> None:
        """Above the lower edge lies the stated mass, and below it all the rest."""
        x = probability_from(band.terms[0], scale=scale, confidence=level)

        assert x.sf(band.low) == pytest.approx(level, rel=1e-9)
        assert x.cdf(band.low) == pytest.approx(1.0 - level, rel=1e-9)
        assert x.support() == (0.0, 1.0)

    def test_known_laws(self) -> None:
        """They are the beta laws that the documentation gives."""
        up = probability_from("likely", scale="ipcc", confidence=0.9)
        down = probability_from("unlikely", scale="ipcc", confidence=0.9)
        q = np.array([1e-3, 0.1, 0.5, 0.9, 0.999])

        a, b = math.log(0.1) / math.log(0.66), math.log(0.1) / math.log(0.67)
        assert up.ppf(q) == pytest.approx(stats.beta(a, 1.0).ppf(q), rel=1e-12)
        assert down.ppf(q) == pytest.approx(stats.beta(1.0, b).ppf(q), rel=1e-12)
        assert up.mean() == pytest.approx(a / (a + 1.0), rel=1e-14)
        assert (up.method, down.method) == ("exact", "exact")

    def test_opposite_words_are_opposite_numbers(self) -> None:
        """What has a remote chance fails almost certainly, as far as the table says so too."""
        remote = probability_from("remote chance", scale="phia", confidence=0.9)
        certain = probability_from("almost certain", scale="phia", confidence=0.9)
        q = np.array([1e-6, 0.05, 0.5, 0.95, 1.0 - 1e-6])

        assert (1.0 - remote).ppf(q) == pytest.approx(certain.ppf(q), rel=1e-12)

    def test_an_even_spread(self) -> None:
        """A confidence that is the width of the band says nothing: every value is as likely."""
        x = probability_from("more likely than not", scale="ipcc", confidence=0.5)
        p = np.array([0.0, 0.1, 0.4, 0.75, 1.0])

        assert x.cdf(p) == pytest.approx(p, abs=1e-15)

    @given(st.floats(0.34, 0.999), st.floats(0.0, 0.98))
    def test_density_falls_from_the_end(self, level: float, p: float) -> None:
        """With more confidence than width the end of the scale has the highest density."""
        x = probability_from("unlikely", scale="ipcc", confidence=level)

        assert x.pdf(p) > x.pdf(p + 0.01)


class TestPoints:
    @pytest.mark.parametrize(("word", "value"), [("certain", 1.0), ("impossible", 0.0)])
    def test_known(self, word: str, value: float) -> None:
        """A word without width is a known number, whatever the confidence."""
        for level in (0.5, 0.9):
            x = probability_from(word, scale="kent", confidence=level)

            assert (x.value, x.std(), x.name) == (value, 0.0, None)


class TestArguments:
    @pytest.mark.parametrize(
        ("word", "scale"),
        [("likely", "icd203"), ("remote chance", "phia"), ("likely", "ipcc")],
    )
    def test_name(self, word: str, scale: str) -> None:
        """A name is kept, and two calls are two unknowns."""
        x = probability_from(word, scale=scale, confidence=0.9, name="breakthrough")
        y = probability_from(word, scale=scale, confidence=0.9)

        assert (x.name, y.name) == ("breakthrough", None)
        assert x.same_law(y)
        assert (x - y).std() > 0.0

    def test_any_spelling(self) -> None:
        """Letters may be large or small, and the row is free."""
        x = probability_from("  Nearly CERTAIN ", scale="icd203", confidence=0.9)

        assert x.interval(0.9) == pytest.approx((0.95, 0.99), rel=1e-12)

    def test_nothing_is_guessed(self) -> None:
        """Neither scale nor confidence has a default."""
        for options in ({"scale": "icd203"}, {"confidence": 0.9}):
            with pytest.raises(TypeError, match="missing 1 required keyword-only argument"):
                unchecked(probability_from)("likely", **options)

    def test_unknown_word(self) -> None:
        """A word of another table is refused, and the message lists the words of this one."""
        with pytest.raises(WordError) as caught:
            probability_from("likely", scale="kent", confidence=0.9)
        assert str(caught.value) == (
            "'likely' is no word of the Kent table: expected one of ['impossible', 'almost "
            "certainly not', 'probably not', 'chances about even', 'probable', 'almost certain', "
            "'certain']. Spell it as listed, or name the scale whose word it is."
        )

    def test_unknown_scale(self) -> None:
        """A scale nobody entered is refused."""
        with pytest.raises(WordError) as caught:
            probability_from("likely", scale="nato", confidence=0.9)
        assert str(caught.value) == (
            "scale 'nato' is not known: expected one of ['icd203', 'ipcc', 'kent', 'phia']. "
            "Write scale='icd203'."
        )

    @pytest.mark.parametrize(
        ("word", "scale"),
        [("likely", "icd203"), ("remote chance", "phia"), ("likely", "ipcc"), ("certain", "kent")],
    )
    def test_confidence(self, word: str, scale: str) -> None:
        """A confidence is a share inside (0, 1), of every word."""
        for level, shown in ((0, "0"), (1, "1"), (90, "90")):
            with pytest.raises(ParameterError) as caught:
                probability_from(word, scale=scale, confidence=level)
            assert str(caught.value) == (
                f"confidence is {shown}: expected a number inside (0, 1). "
                "Write 90 per cent as confidence=0.9."
            )
        with pytest.raises(NumberError) as refused:
            unchecked(probability_from)(word, scale=scale, confidence="high")
        assert str(refused.value) == (
            "confidence is 'high', a str: expected a finite number. "
            "Type a number such as 35_000; a text is never read as one."
        )

    def test_hardly_any_confidence(self) -> None:
        """A confidence next to none leaves no law that floats can tell from a number."""
        with pytest.raises(ParameterError, match="has a spread too small or too large for floats"):
            probability_from("remote chance", scale="phia", confidence=1e-320)
