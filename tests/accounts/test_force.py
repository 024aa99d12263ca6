import pickle
from datetime import UTC, date, datetime

import pytest

from attrition.accounts import Force, StrengthBasis
from attrition.errors import EstimateError, PeriodError
from attrition.uncertain import about
from tests.accounts.records import STAFF, force, unchecked


class TestRecord:
    def test_fields(self) -> None:
        """A force is compared by its fields, hashed and pickled."""
        known = force(about(712_000, sd=21_643), source=STAFF)
        again = pickle.loads(pickle.dumps(known))

        assert (again, hash(again)) == (known, hash(known))
        assert known != force(known.strength, source=STAFF, basis=StrengthBasis.ASSIGNED)

    def test_text(self) -> None:
        """A force prints as one line, with the moment at which it holds."""
        assert str(force()) == "712,000 committed, start of 2026-02-01, Russia"

    def test_basis_has_no_default(self) -> None:
        """Bases differ by hundreds of thousands, so the basis is stated."""
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'basis'"):
            unchecked(Force)(strength=1, as_of=date(2026, 2, 1), side="Russia")


class TestEndOf:
    def test_the_end_of_a_day_is_the_start_of_the_next(self) -> None:
        """The end of January is the start of February."""
        strength = about(712_000, sd=21_643)
        made = Force.end_of(
            date(2026, 1, 31),
            strength=strength,
            side="Russia",
            basis=StrengthBasis.COMMITTED,
            source=STAFF,
        )

        assert made == force(strength, as_of=date(2026, 2, 1), source=STAFF)

    def test_a_time_of_day(self) -> None:
        """A strength holds at the start or the end of a day, not within it."""
        with pytest.raises(PeriodError) as caught:
            Force.end_of(
                datetime(2026, 1, 31, tzinfo=UTC),
                strength=1,
                side="Russia",
                basis=StrengthBasis.COMMITTED,
            )

        assert str(caught.value) == (
            "day is datetime.datetime(2026, 1, 31, 0, 0, tzinfo=datetime.timezone.utc), "
            "a date with a time of day: expected a datetime.date. "
            "Type day=datetime.date(2026, 1, 31)."
        )


class TestRefusals:
    def test_basis_is_no_text(self) -> None:
        """A basis is a StrengthBasis."""
        with pytest.raises(EstimateError) as caught:
            unchecked(force)(basis="committed")

        assert str(caught.value) == (
            "basis is 'committed': expected a StrengthBasis. Type one of StrengthBasis.PRESENT, "
            "StrengthBasis.COMMITTED, StrengthBasis.ASSIGNED, StrengthBasis.AUTHORISED."
        )

    def test_source_is_no_text(self) -> None:
        """A source is a Source."""
        with pytest.raises(EstimateError) as caught:
            unchecked(force)(source="General Staff")

        assert str(caught.value) == (
            "source is 'General Staff': expected a Source. "
            "Type for example source=Source(name=..., published=...)."
        )

    def test_as_of_is_no_text(self) -> None:
        """The day is a date."""
        with pytest.raises(PeriodError, match=r"^as_of is '2026': expected a datetime\.date\."):
            unchecked(force)(as_of="2026")

    def test_strength_is_not_negative(self) -> None:
        """There is no force of less than nobody."""
        with pytest.raises(EstimateError, match=r"^strength is -1: people cannot be negative\. "):
            force(-1)

    def test_nobody(self) -> None:
        """The force is somebody's."""
        with pytest.raises(EstimateError, match=r"^side is '': expected a text that is not empty"):
            force(side="")
