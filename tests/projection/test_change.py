import pickle
from collections.abc import Mapping
from datetime import date

import pytest

from attrition.accounts import Period
from attrition.errors import EstimateError, NumberError, PeriodError, ProjectionError
from attrition.projection import Change, Ramp, Surge
from attrition.projection.change import as_changes
from attrition.uncertain import about
from tests.accounts.records import unchecked

JUNE = Period.month(2026, 6)
FROM_JUNE = date(2026, 6, 1)


class TestChange:
    def test_factor(self) -> None:
        """A factor holds for a while."""
        factor = about(1.2, sd=0.05)
        change = Change(factor=factor, during=JUNE)

        assert (change.factor, change.during) == (factor, JUNE)
        assert (change.level, change.start) == (None, None)

    def test_level(self) -> None:
        """A level holds from a date on."""
        change = Change(level=30_000, start=FROM_JUNE)

        assert change.level is not None
        assert (change.level.value, change.start) == (30_000, FROM_JUNE)
        assert (change.factor, change.during) == (None, None)

    def test_factor_that_stays(self) -> None:
        """A factor may hold from a date on."""
        change = Change(factor=1.2, start=FROM_JUNE)

        assert change.factor is not None
        assert (change.factor.value, change.start) == (1.2, FROM_JUNE)
        assert (change.level, change.during) == (None, None)

    def test_when(self) -> None:
        """A factor during a period ends with it, what starts on a date stays."""
        changes = [
            Change(factor=1.2, during=JUNE),
            Change(factor=1.2, start=FROM_JUNE),
            Change(level=9, start=FROM_JUNE),
        ]

        assert {change.begins for change in changes} == {FROM_JUNE}
        assert [change.ends for change in changes] == [date(2026, 7, 1), None, None]

    def test_nothing_is_allowed(self) -> None:
        """A factor and a level of zero stop the flow."""
        change = Change(factor=0, during=JUNE)

        assert change.factor is not None
        assert change.factor.value == 0.0

    def test_there_and_back_through_pickle(self) -> None:
        """A change comes back equal."""
        change = Change(factor=about(1.2, sd=0.05), during=JUNE)

        assert pickle.loads(pickle.dumps(change)) == change

    @pytest.mark.parametrize(
        ("fields", "given"),
        [
            ({}, "nothing"),
            ({"factor": 1.2}, "['factor']"),
            ({"during": JUNE}, "['during']"),
            ({"start": FROM_JUNE}, "['start']"),
            (
                {"factor": 1.2, "during": JUNE, "start": FROM_JUNE},
                "['factor', 'during', 'start']",
            ),
            ({"factor": 1.2, "level": 3, "start": FROM_JUNE}, "['factor', 'level', 'start']"),
            ({"level": 30_000, "during": JUNE}, "['during', 'level']"),
            (
                {"factor": 1.2, "during": JUNE, "level": 1, "start": FROM_JUNE},
                "['factor', 'during', 'level', 'start']",
            ),
        ],
    )
    def test_half_a_change(self, fields: Mapping[str, object], given: str) -> None:
        """Anything but the three pairs is refused."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Change)(**fields)

        assert str(caught.value) == (
            f"a change was given {given}: expected factor with during or with start, or level "
            "with start. Type Change(factor=1.2, during=Period.month(2026, 6)), or "
            "Change(level=30_000, start=datetime.date(2026, 6, 1))."
        )

    def test_negative_factor(self) -> None:
        """A factor below zero is refused."""
        with pytest.raises(ProjectionError) as caught:
            Change(factor=-1.2, during=JUNE)

        assert str(caught.value) == (
            "factor is -1.2: a ratio of people cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_negative_level(self) -> None:
        """A level below zero is refused."""
        with pytest.raises(EstimateError) as caught:
            Change(level=about(100, sd=100), start=FROM_JUNE)

        assert str(caught.value) == (
            "level has 0.16 of its mass below zero: people cannot be negative. Type a number from "
            '0 on, between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_no_period(self) -> None:
        """A factor holds during a period."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Change)(factor=1.2, during="June")

        assert str(caught.value) == (
            "during is 'June': expected a Period. Type for example during=Period.month(2026, 6)."
        )

    def test_no_date(self) -> None:
        """A level starts on a date."""
        with pytest.raises(PeriodError) as caught:
            unchecked(Change)(level=30_000, start="June")

        assert str(caught.value) == (
            "start is 'June': expected a datetime.date. "
            "Type for example start=datetime.date(2026, 1, 1)."
        )

    def test_no_number(self) -> None:
        """A bool is neither a factor nor a level."""
        with pytest.raises(NumberError):
            unchecked(Change)(factor=True, during=JUNE)
        with pytest.raises(NumberError):
            unchecked(Change)(level=True, start=FROM_JUNE)


class TestRamp:
    def test_fields(self) -> None:
        """Factor and period are kept, and what it brings stays."""
        factor = about(1.5, sd=0.05)
        ramp = Ramp(factor=factor, during=JUNE)

        assert (ramp.factor, ramp.during) == (factor, JUNE)
        assert (ramp.begins, ramp.ends) == (FROM_JUNE, None)
        assert pickle.loads(pickle.dumps(ramp)) == ramp

    def test_negative(self) -> None:
        """A factor below zero is refused."""
        with pytest.raises(ProjectionError) as caught:
            Ramp(factor=-1.2, during=JUNE)

        assert str(caught.value) == (
            "factor is -1.2: a ratio of people cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_no_period(self) -> None:
        """A ramp has a period."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Ramp)(factor=2, during=FROM_JUNE)

        assert str(caught.value) == (
            "during is datetime.date(2026, 6, 1): expected a Period. "
            "Type for example during=Period.months(2026, 6, count=3)."
        )

    def test_no_number(self) -> None:
        """A bool is no factor."""
        with pytest.raises(NumberError):
            unchecked(Ramp)(factor=True, during=JUNE)


class TestSurge:
    def test_people(self) -> None:
        """People and period are kept."""
        surge = Surge(people=300_000, during=JUNE)

        assert (surge.people.value, surge.during) == (300_000, JUNE)
        assert (surge.begins, surge.ends) == (FROM_JUNE, date(2026, 7, 1))

    def test_negative(self) -> None:
        """Fewer than nobody is refused."""
        with pytest.raises(EstimateError) as caught:
            Surge(people=-5, during=JUNE)

        assert str(caught.value) == (
            "people is -5: people cannot be negative. Type a number from 0 on, "
            'between(low, high, confidence=0.9, family="lognormal") or '
            "about(centre, sd=..., positive=True)."
        )

    def test_no_period(self) -> None:
        """A surge has a period."""
        with pytest.raises(EstimateError) as caught:
            unchecked(Surge)(people=5, during=FROM_JUNE)

        assert str(caught.value) == (
            "during is datetime.date(2026, 6, 1): expected a Period. "
            "Type for example during=Period.month(2026, 9)."
        )


class TestAsChanges:
    def test_one_and_many(self) -> None:
        """One change, a list and any other iterable end as a tuple."""
        first, second = Surge(people=5, during=JUNE), Change(factor=1.2, during=JUNE)
        third = Ramp(factor=2, during=JUNE)

        assert as_changes(first) == (first,)
        assert as_changes(second) == (second,)
        assert as_changes(third) == (third,)
        assert as_changes([second, first]) == (second, first)
        assert as_changes(change for change in (first, second)) == (first, second)
        assert as_changes(()) == ()

    def test_something_else(self) -> None:
        """Anything else among them is refused."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(as_changes)([Surge(people=5, during=JUNE), 1.2])

        assert str(caught.value) == (
            "1.2 among the changes: expected a Change, a Ramp or a Surge. "
            "Type changes=[Change(factor=1.2, during=Period.month(2026, 6))]."
        )
