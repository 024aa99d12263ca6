import pickle
from datetime import UTC, date, datetime

import pytest

from attrition.accounts import Grade, Interest, Source
from attrition.errors import EstimateError, PeriodError
from tests.accounts.records import STAFF, unchecked

DAY = date(2026, 2, 13)


class TestGrade:
    def test_every_grade_of_the_scale(self) -> None:
        """Two axes of six make thirty-six grades, F6 among them."""
        grades = {Grade(letter + digit) for letter in "ABCDEF" for digit in "123456"}

        assert len(grades) == 36
        assert Grade("F6") in grades

    def test_words(self) -> None:
        """The words of either axis are those of the Admiralty scale."""
        assert [Grade(f"{letter}1").reliability for letter in "ABCDEF"] == [
            "completely reliable",
            "usually reliable",
            "fairly reliable",
            "not usually reliable",
            "unreliable",
            "cannot be judged",
        ]
        assert [Grade(f"A{digit}").credibility for digit in "123456"] == [
            "confirmed",
            "probably true",
            "possibly true",
            "doubtful",
            "improbable",
            "cannot be judged",
        ]

    def test_text(self) -> None:
        """A grade prints its code with the words of both axes."""
        assert str(Grade("D5")) == "D5 (source not usually reliable, information improbable)"

    @pytest.mark.parametrize("code", ["G2", "B7", "B0", "b2", "2B", "B", "B22", "", None, 22])
    def test_unknown(self, code: object) -> None:
        """A code that is not on the scale is refused."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Grade)(code)

        assert str(caught.value) == (
            f"code is {code!r}: expected a letter from A to F and a digit from 1 to 6. "
            'Type for example Grade("B2") for a usually reliable source and probably true '
            'information, or Grade("F6") where neither can be judged.'
        )

    def test_grades_have_no_order(self) -> None:
        """Two axes of which one may be unknown have no common order."""
        with pytest.raises(TypeError):
            unchecked(sorted)([Grade("B2"), Grade("A3")])


class TestInterest:
    def test_own_side(self) -> None:
        """A speaker aligned with the side that lost speaks of its own."""
        assert STAFF.interest("Ukraine") is Interest.OWN_SIDE
        assert STAFF.interest("ukraine ") is Interest.OWN_SIDE

    def test_adversary(self) -> None:
        """A speaker aligned with another side speaks of its adversary."""
        assert STAFF.interest("Russia") is Interest.ADVERSARY

    def test_third_party(self) -> None:
        """A third party stays one whoever lost."""
        source = Source(name="Institute", published=DAY, aligned_with=Interest.THIRD_PARTY)

        assert source.interest("Russia") is Interest.THIRD_PARTY

    def test_not_stated(self) -> None:
        """Where nothing is stated the interest is unknown."""
        assert Source(name="Newspaper", published=DAY).interest("Russia") is Interest.UNKNOWN

    def test_of_nobody(self) -> None:
        """The side that is spoken of has a name."""
        with pytest.raises(EstimateError) as caught:
            STAFF.interest(" ")

        assert str(caught.value) == (
            "side is ' ': expected a text that is not empty. Type for example side=\"Russia\"."
        )


class TestOrigin:
    def test_one_name_is_one_speaker(self) -> None:
        """Two days of one speaker share their origin, however its name is spelled."""
        other = Source(name="general staff", published=date(2026, 1, 1))

        assert STAFF.shares_origin_with(other)

    def test_derived_both_ways(self) -> None:
        """A source shares its origin with what it repeats, at any distance."""
        paper = Source(name="Newspaper", published=DAY, derived_from=(STAFF,))
        blog = Source(name="Blog", published=DAY, derived_from=[paper])

        assert blog.shares_origin_with(STAFF)
        assert STAFF.shares_origin_with(blog)

    def test_common_origin(self) -> None:
        """Two papers that repeat one speaker share their origin."""
        first = Source(name="Newspaper", published=DAY, derived_from=STAFF)
        second = Source(name="Broadcaster", published=DAY, derived_from=(STAFF,))

        assert first.shares_origin_with(second)

    def test_strangers(self) -> None:
        """Sources without a common speaker share nothing."""
        first = Source(name="Newspaper", published=DAY, derived_from=STAFF)
        second = Source(name="Institute", published=DAY)

        assert not first.shares_origin_with(second)


class TestRecord:
    def test_equal_fields_are_one_source(self) -> None:
        """A source is its fields: equal, hashed and pickled by them."""
        source = Source(
            name="Newspaper",
            published=DAY,
            grade=Grade("C3"),
            derived_from=STAFF,
            url="https://example.org/a",
        )
        again = pickle.loads(pickle.dumps(source))

        assert (again, hash(again)) == (source, hash(source))
        assert source != Source(name="Newspaper", published=DAY, grade=Grade("C3"))

    def test_text(self) -> None:
        """A source prints who and when."""
        assert str(STAFF) == "General Staff, 2026-02-01"

    def test_defaults(self) -> None:
        """What is not stated is unknown or empty."""
        source = Source(name="Newspaper", published=DAY)

        assert (source.grade, source.aligned_with, source.derived_from, source.url) == (
            None,
            None,
            (),
            None,
        )


class TestRefusals:
    def test_fields_are_named(self) -> None:
        """A source takes its fields by name."""
        with pytest.raises(TypeError):
            unchecked(Source)("Newspaper", DAY)

    @pytest.mark.parametrize(
        ("what", "example"),
        [
            ("name", "General Staff"),
            ("aligned_with", "Ukraine"),
            ("url", "https://example.org/report"),
        ],
    )
    def test_empty_texts(self, what: str, example: str) -> None:
        """A text that is given says something."""
        fields = {"name": "Newspaper", "published": DAY, what: " "}
        with pytest.raises(EstimateError) as caught:
            unchecked(Source)(**fields)

        assert str(caught.value) == (
            f"{what} is ' ': expected a text that is not empty. "
            f'Type for example {what}="{example}".'
        )

    def test_published_has_no_time_of_day(self) -> None:
        """The day of publication is a date."""
        with pytest.raises(PeriodError) as caught:
            Source(name="Newspaper", published=datetime(2026, 2, 13, tzinfo=UTC))

        assert str(caught.value) == (
            "published is datetime.datetime(2026, 2, 13, 0, 0, tzinfo=datetime.timezone.utc), "
            "a date with a time of day: expected a datetime.date. "
            "Type published=datetime.date(2026, 2, 13)."
        )

    def test_grade_is_no_text(self) -> None:
        """A grade is a Grade."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Source)(name="Newspaper", published=DAY, grade="B2")

        assert str(caught.value) == (
            "grade is 'B2': expected a Grade. Type for example grade=Grade(\"B2\")."
        )

    @pytest.mark.parametrize("interest", [Interest.OWN_SIDE, Interest.ADVERSARY, Interest.UNKNOWN])
    def test_an_interest_that_depends_on_the_side(self, interest: Interest) -> None:
        """Whether a side is a speaker's own depends on whom it speaks of."""
        with pytest.raises(EstimateError) as caught:
            Source(name="Newspaper", published=DAY, aligned_with=interest)

        assert str(caught.value) == (
            f"aligned_with is {interest}: expected a side, Interest.THIRD_PARTY or None. "
            "Whether a speaker is on its own side follows from the side of the estimate: "
            'type for example aligned_with="Ukraine".'
        )

    @pytest.mark.parametrize(("value", "found"), [("G", "G"), (3, 3), ([STAFF, None], None)])
    def test_derived_from_holds_sources(self, value: object, found: object) -> None:
        """A source derives from sources."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Source)(name="Newspaper", published=DAY, derived_from=value)

        assert str(caught.value) == (
            f"derived_from holds {found!r}: expected sources. "
            "Type for example derived_from=(Source(name=..., published=...),)."
        )
