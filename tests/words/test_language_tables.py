import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.words import SCALES, band_of, word

# Each table as printed: the terms, and their stretch in per cent.
ICD_203 = [
    ("almost no chance", "remote", 1, 5),
    ("very unlikely", "highly improbable", 5, 20),
    ("unlikely", "improbable", 20, 45),
    ("roughly even chance", "roughly even odds", 45, 55),
    ("likely", "probable", 55, 80),
    ("very likely", "highly probable", 80, 95),
    ("almost certain", "nearly certain", 95, 99),
]

# With the edges that are left out: ">0-5" and "40-<50".
PHIA = [
    ("remote chance", 0, 5, (True, False)),
    ("highly unlikely", 10, 20, (False, False)),
    ("unlikely", 25, 35, (False, False)),
    ("realistic possibility", 40, 50, (False, True)),
    ("likely", 55, 75, (False, False)),
    ("highly likely", 80, 90, (False, False)),
    ("almost certain", 95, 100, (False, True)),
]

# Nested, with what each is the narrowest word for.
IPCC = [
    ("virtually certain", 99, 100, 99.5),
    ("extremely likely", 95, 100, 97),
    ("very likely", 90, 100, 92),
    ("likely", 66, 100, 78),
    ("about as likely as not", 33, 66, 52),
    ("unlikely", 0, 33, 21),
    ("very unlikely", 0, 10, 7),
    ("extremely unlikely", 0, 5, 3),
    ("exceptionally unlikely", 0, 1, 0.5),
]

# Each centre, and the ends that its "give or take" makes.
KENT = [
    ("certain", 100, 100, 100),
    ("almost certain", 93, 87, 99),
    ("probable", 75, 63, 87),
    ("chances about even", 50, 40, 60),
    ("probably not", 30, 20, 40),
    ("almost certainly not", 7, 2, 12),
    ("impossible", 0, 0, 0),
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

scales = st.sampled_from(sorted(SCALES))
rows = st.sampled_from(["likely", "probable"])


class TestIcd203:
    @pytest.mark.parametrize(("term", "other", "low", "high"), ICD_203)
    def test_row_of_the_table(self, term: str, other: str, low: int, high: int) -> None:
        """The middle of a band has its printed term, in either row, and the term its band."""
        p = (low + high) / 200.0
        found = word(p)

        assert (found.text, word(p, row="probable").text) == (term, other)
        assert (found.low, found.high) == (low / 100.0, high / 100.0)
        assert (found.exact, found.outside) == (True, False)
        for text in (term, other):
            band = band_of(text, scale="icd203")

            assert (band.low, band.high) == (low / 100.0, high / 100.0)
            assert (band.low_open, band.high_open) == (False, False)

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
            (0.0, "below 1 % (outside the ICD 203 table)", 0.0, 0.01),
            (0.0099, "below 1 % (outside the ICD 203 table)", 0.0, 0.01),
            (0.9901, "above 99 % (outside the ICD 203 table)", 0.99, 1.0),
            (1.0, "above 99 % (outside the ICD 203 table)", 0.99, 1.0),
        ],
    )
    def test_ends_have_no_term(self, p: float, text: str, low: float, high: float) -> None:
        """ICD 203 has no word below 1 and above 99 per cent, and the text says so."""
        found = word(p)

        assert (found.text, found.terms) == (text, ())
        assert (found.low, found.high) == (low, high)
        assert (found.exact, found.outside) == (False, True)

    @pytest.mark.parametrize(
        ("text", "term"),
        [
            ("improbably", "improbable"),
            ("probably", "probable"),
            ("almost certainly", "almost certain"),
        ],
    )
    def test_printed_adverbs(self, text: str, term: str) -> None:
        """The adverbs that the table prints mean what their adjectives mean."""
        assert band_of(text, scale="icd203") == band_of(term, scale="icd203")


class TestPhia:
    @pytest.mark.parametrize(("term", "low", "high", "opened"), PHIA)
    def test_row_of_the_table(
        self, term: str, low: int, high: int, opened: tuple[bool, bool]
    ) -> None:
        """The middle of a band has its printed term, and the term its band with open edges."""
        found = word((low + high) / 200.0, scale="phia")
        band = band_of(term, scale="phia")

        assert (found.text, found.exact, found.outside) == (term, True, False)
        assert (found.low, found.high) == (band.low, band.high) == (low / 100.0, high / 100.0)
        assert (band.low_open, band.high_open) == opened

    @pytest.mark.parametrize(("term", "low", "high", "opened"), PHIA)
    def test_edges(self, term: str, low: int, high: int, opened: tuple[bool, bool]) -> None:
        """An edge lies inside its band unless it is left out."""
        for edge, is_open in zip((low, high), opened, strict=True):
            found = word(edge / 100.0, scale="phia")

            assert found.exact is not is_open
            assert found.text == term or found.outside

    def test_likely_or_probable(self) -> None:
        """The table gives two words for 55 to 75 per cent; a row has one of them."""
        assert word(0.6, scale="phia", row="probable").text == "probable"
        assert word(0.3, scale="phia", row="probable").text == "unlikely"
        for text in ("probable", "likely or probable"):
            assert band_of(text, scale="phia") == band_of("likely", scale="phia")

    @pytest.mark.parametrize(
        ("p", "term"),
        [
            (0.07, "remote chance"),
            (0.08, "highly unlikely"),
            (0.22, "highly unlikely"),
            (0.23, "unlikely"),
            (0.37, "unlikely"),
            (0.38, "realistic possibility"),
            (0.50, "realistic possibility"),
            (0.52, "realistic possibility"),
            (0.53, "likely"),
            (0.77, "likely"),
            (0.78, "highly likely"),
            (0.92, "highly likely"),
            (0.93, "almost certain"),
        ],
    )
    def test_gaps_have_the_nearest_term(self, p: float, term: str) -> None:
        """In a gap that was left on purpose the nearest term is given, marked inexact."""
        found = word(p, scale="phia")

        assert (found.text, found.exact, found.outside) == (term, False, False)

    @pytest.mark.parametrize(
        ("p", "term"),
        [
            (0.075, "highly unlikely"),
            (0.225, "unlikely"),
            (0.375, "realistic possibility"),
            (0.525, "realistic possibility"),
            (0.775, "likely"),
            (0.925, "highly likely"),
        ],
    )
    def test_half_way_the_term_that_claims_less(self, p: float, term: str) -> None:
        """Half-way through a gap the term nearer to an even chance is given."""
        assert word(p, scale="phia").text == term

    @pytest.mark.parametrize(("p", "where"), [(0.0, "0 %"), (1.0, "100 %")])
    def test_ends_are_left_out(self, p: float, where: str) -> None:
        """What cannot be and what must be have no term in the table."""
        found = word(p, scale="phia")

        assert found.text == f"{where} (outside the PHIA table)"
        assert (found.low, found.high, found.terms) == (p, p, ())
        assert (found.exact, found.outside) == (False, True)

    def test_next_to_the_ends(self) -> None:
        """Next to the ends there are terms: only the ends themselves are left out."""
        assert word(1e-12, scale="phia").text == "remote chance"
        assert word(1.0 - 1e-12, scale="phia").text == "almost certain"


class TestIpcc:
    @pytest.mark.parametrize(("term", "low", "high", "inside"), IPCC)
    def test_row_of_the_table(self, term: str, low: int, high: int, inside: float) -> None:
        """The narrowest band that applies gives the word, and the word its whole band."""
        found = word(inside / 100.0, scale="ipcc")
        band = band_of(term, scale="ipcc")

        assert (found.text, found.exact, found.outside) == (term, True, False)
        assert (band.low, band.high) == (low / 100.0, high / 100.0)
        assert (band.low_open, band.high_open) == (False, False)

    def test_more_likely_than_not(self) -> None:
        """More than 50 per cent is a band of its own, which never is the narrowest."""
        band = band_of("more likely than not", scale="ipcc")

        assert (band.low, band.high, band.low_open, band.high_open) == (0.5, 1.0, True, False)
        assert "more likely than not" not in {
            word(over / 1024.0, scale="ipcc").text for over in range(1025)
        }

    @pytest.mark.parametrize(
        ("p", "term"),
        [
            (0.0, "exceptionally unlikely"),
            (0.01, "exceptionally unlikely"),
            (0.05, "extremely unlikely"),
            (0.10, "very unlikely"),
            (0.33, "about as likely as not"),
            (0.66, "about as likely as not"),
            (0.90, "very likely"),
            (0.95, "extremely likely"),
            (0.99, "virtually certain"),
            (1.0, "virtually certain"),
        ],
    )
    def test_edges(self, p: float, term: str) -> None:
        """An edge goes to the narrowest band, of two equally narrow to the more even one."""
        assert word(p, scale="ipcc").text == term
        assert word(p, scale="ipcc").exact

    @given(st.floats(0.0, 1.0))
    def test_there_are_no_gaps(self, p: float) -> None:
        """Every probability has a word, and it lies in its band."""
        found = word(p, scale="ipcc")

        assert (found.exact, found.outside) == (True, False)
        assert found.low <= p <= found.high


class TestKent:
    @pytest.mark.parametrize(("term", "centre", "low", "high"), KENT)
    def test_row_of_the_table(self, term: str, centre: int, low: int, high: int) -> None:
        """The centre has its printed term, and the term what is given or taken around it."""
        found = word(centre / 100.0, scale="kent")
        band = band_of(term, scale="kent")

        assert (found.text, found.exact, found.outside) == (term, True, False)
        # To the very double that somebody types: 0.93 - 0.06 is not 0.87.
        assert (band.low, band.high) == (low / 100.0, high / 100.0)
        assert (band.low_open, band.high_open) == (False, False)

    def test_shared_edge(self) -> None:
        """87 per cent ends one band and begins the next, of which the narrower has it."""
        assert word(0.87, scale="kent").text == "almost certain"
        assert word(0.87, scale="kent").exact

    @pytest.mark.parametrize(
        ("p", "term"),
        [
            (1e-9, "almost certainly not"),
            (0.001, "almost certainly not"),
            (0.15, "almost certainly not"),
            (0.16, "probably not"),
            (0.17, "probably not"),
            (0.61, "chances about even"),
            (0.62, "probable"),
            (0.999, "almost certain"),
            (1.0 - 1e-9, "almost certain"),
        ],
    )
    def test_gaps(self, p: float, term: str) -> None:
        """In a gap the nearest term is given, but certain and impossible are never nearly so."""
        found = word(p, scale="kent")

        assert (found.text, found.exact, found.outside) == (term, False, False)


class TestBothWays:
    @given(scales.filter(lambda scale: scale != "ipcc"), rows, st.data())
    def test_word_of_a_band_leads_back_to_it(
        self, scale: str, row: str, data: st.DataObject
    ) -> None:
        """Where bands do not overlap, inside a band word and band lead to each other."""
        table = SCALES[scale]
        row = row if row in table.rows else table.rows[0]
        band = data.draw(st.sampled_from(table.bands))
        # An edge that two bands share is the business of one of them.
        share = data.draw(st.integers(1, 1023)) / 1024.0
        p = band.low + share * (band.high - band.low)
        found = word(p, scale=scale, row=row)

        assert found.exact
        assert band_of(found.text, scale=scale) is band
        assert (found.low, found.high) == (band.low, band.high)

    @given(scales, st.floats(0.0, 1.0))
    def test_exact_means_inside_the_band_of_the_word(self, scale: str, p: float) -> None:
        """A word is exact where its own band holds the probability, and only there."""
        found = word(p, scale=scale)

        assert found.outside is (found.terms == ())
        if not found.outside:
            assert found.exact is band_of(found.text, scale=scale).holds(p)
            assert found.terms == (found.text,)

    @given(scales, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
    def test_words_rise(self, scale: str, p: float, q: float) -> None:
        """A larger probability never has a word for smaller ones."""
        low, high = (word(x, scale=scale) for x in sorted((p, q)))

        assert low.low + low.high <= high.low + high.high
