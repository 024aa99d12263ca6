import pytest

from attrition.errors import WordError
from attrition.words import SCALES, Band
from attrition.words.scales import scale_of
from tests.accounts.records import unchecked

HALF = Band(low=0.25, high=0.375, terms=("unlikely",), low_open=True)


class TestBand:
    def test_distance(self) -> None:
        """The distance to a band is that to its nearer edge, and 0 within."""
        assert [HALF.distance(p) for p in (0.125, 0.25, 0.3, 0.375, 0.875)] == [
            0.125,
            0.0,
            0.0,
            0.0,
            0.5,
        ]

    def test_open_edges(self) -> None:
        """An edge belongs to the band unless it is open, on either side."""
        other = Band(low=0.25, high=0.375, terms=("unlikely",), high_open=True)

        places = (0.2, 0.25, 0.3, 0.375, 0.4)
        assert [HALF.holds(p) for p in places] == [False, False, True, True, False]
        assert [other.holds(p) for p in places] == [False, True, True, False, False]

    def test_middle_and_width(self) -> None:
        """Widths and middles are those of the decimals, not of their floats."""
        band = Band(low=0.33, high=0.66, terms=("about as likely as not",))

        assert (band.width, band.from_even) == (0.33, 0.005)
        assert HALF.from_even == 0.1875

    def test_differences_of_floats_are_not_told_apart(self) -> None:
        """0.1 - 0.075 and 0.075 - 0.05 are one distance, though their floats differ."""
        below = Band(low=0.0, high=0.05, terms=("remote chance",))
        above = Band(low=0.1, high=0.2, terms=("highly unlikely",))

        assert 0.1 - 0.075 != 0.075 - 0.05
        assert below.distance(0.075) == above.distance(0.075) == 0.025

    @pytest.mark.parametrize(
        ("low", "high", "opened", "text"),
        [
            (0.55, 0.8, (False, False), "55 to 80 %"),
            (0.0, 0.05, (True, False), ">0 to 5 %"),
            (0.4, 0.5, (False, True), "40 to <50 %"),
            (0.5, 1.0, (True, False), ">50 to 100 %"),
            (0.125, 0.375, (True, True), ">12.5 to <37.5 %"),
            (1.0, 1.0, (False, False), "100 %"),
            (0.0, 0.0, (False, False), "0 %"),
        ],
    )
    def test_text(self, low: float, high: float, opened: tuple[bool, bool], text: str) -> None:
        """A band prints its edges in per cent and says which of them are left out."""
        lower, upper = opened
        band = Band(low=low, high=high, terms=("word",), low_open=lower, high_open=upper)

        assert str(band) == text


class TestScales:
    def test_names(self) -> None:
        """Four tables are entered, each with its title and where it was published."""
        assert {name: (scale.title, scale.source) for name, scale in SCALES.items()} == {
            "icd203": (
                "ICD 203",
                "Intelligence Community Directive 203, Analytic Standards, 2 January 2015, "
                "D.6.e(2)(a)",
            ),
            "phia": (
                "PHIA",
                "Professional Head of Intelligence Assessment, Probability Yardstick, in: "
                "Explaining Uncertainty in UK Intelligence Assessment, 24 March 2025",
            ),
            "ipcc": (
                "IPCC",
                "Mastrandrea et al. (2010), Guidance Note for Lead Authors of the IPCC Fifth "
                "Assessment Report on Consistent Treatment of Uncertainties",
            ),
            "kent": (
                "Kent",
                "Kent, S. (1964), Words of Estimative Probability, Studies in Intelligence, "
                "Fall 1964",
            ),
        }

    @pytest.mark.parametrize("name", SCALES)
    def test_tables_are_whole(self, name: str) -> None:
        """Bands rise, are no wider than certainty, and have a term for each row."""
        scale = SCALES[name]
        lows = [band.low for band in scale.bands]

        assert lows == sorted(lows)
        assert all(0.0 <= band.low <= band.high <= 1.0 for band in scale.bands)
        assert all(len(band.terms) == len(scale.rows) for band in scale.bands)

    @pytest.mark.parametrize("name", SCALES)
    def test_a_word_means_one_thing(self, name: str) -> None:
        """Within a table no spelling stands for two bands, and all are in small letters."""
        spellings = [
            spelling for band in SCALES[name].bands for spelling in {*band.terms, *band.also}
        ]

        assert len(spellings) == len(set(spellings))
        assert spellings == [spelling.casefold() for spelling in spellings]

    def test_rows_of_icd_203_share_no_term(self) -> None:
        """No term stands in both rows, so that a text cannot mix them unseen."""
        first, second = zip(*(band.terms for band in SCALES["icd203"].bands), strict=True)

        assert not set(first) & set(second)

    def test_rows_are_named_by_their_word_for_what_is_likely(self) -> None:
        """A row is called by a term of its own."""
        for scale in SCALES.values():
            band = next(band for band in scale.bands if scale.rows[0] in band.terms)

            assert band.terms == scale.rows

    def test_ends(self) -> None:
        """ICD 203 ends at 1 and 99 per cent, the other tables where probability does."""
        assert {name: scale.ends for name, scale in SCALES.items()} == {
            "icd203": (0.01, 0.99),
            "phia": (0.0, 1.0),
            "ipcc": (0.0, 1.0),
            "kent": (0.0, 1.0),
        }

    def test_words(self) -> None:
        """The words of a table go from low to high, each of them once."""
        assert SCALES["phia"].words == (
            "remote chance",
            "highly unlikely",
            "unlikely",
            "realistic possibility",
            "likely",
            "probable",
            "highly likely",
            "almost certain",
        )

    def test_nobody_adds_one(self) -> None:
        """The tables are those that were published."""
        with pytest.raises(TypeError):
            SCALES["mine"] = SCALES["kent"]  # type: ignore[index]  # What is refused.


class TestScaleOf:
    def test_known(self) -> None:
        """A name leads to its table."""
        assert scale_of("kent") is SCALES["kent"]

    @pytest.mark.parametrize("name", ["icd", "ICD203", None, ["icd203"]])
    def test_unknown(self, name: object) -> None:
        """A scale nobody entered is refused, and the message lists the known ones."""
        with pytest.raises(WordError) as caught:
            unchecked(scale_of)(name)
        assert str(caught.value) == (
            f"scale {name!r} is not known: expected one of ['icd203', 'ipcc', 'kent', 'phia']. "
            "Write scale='icd203'."
        )
