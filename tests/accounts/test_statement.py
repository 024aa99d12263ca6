from datetime import date

from attrition.accounts import Period, Source, same_statement
from attrition.uncertain import about, exactly
from tests.accounts.records import DECEMBER, STAFF, force, joined, lost

JANUARY_AGAIN = Period.month(2026, 1)


class TestSameStatement:
    def test_typed_in_twice(self) -> None:
        """Two records with equal fields and laws say the same and are not equal."""
        first, second = (lost(about(31_680, sd=1_541), source=STAFF) for _ in range(2))

        assert first != second
        assert same_statement(first, second)
        assert same_statement(joined(about(9, sd=1)), joined(about(9, sd=1)))

    def test_another_law(self) -> None:
        """Another spread is another statement."""
        assert not same_statement(lost(about(31_680, sd=1_541)), lost(about(31_680, sd=1_542)))

    def test_another_field(self) -> None:
        """Another field is another statement, also inside the source."""
        later = Source(name=STAFF.name, published=date(2026, 2, 2), aligned_with="Ukraine")

        assert not same_statement(lost(source=STAFF), lost(source=later))
        assert not same_statement(lost(), lost(period=DECEMBER))
        assert not same_statement(lost(), lost(source=STAFF))
        assert same_statement(lost(), lost(period=JANUARY_AGAIN))

    def test_another_kind_of_record(self) -> None:
        """A force is no rate, whatever its numbers."""
        assert not same_statement(force(5), joined(5))
        assert not same_statement(force(5), exactly(5))

    def test_tuples(self) -> None:
        """Rows of records say the same when each does, and there are as many."""
        row = (lost(about(9, sd=1)), lost(about(7, sd=1)))
        again = (lost(about(9, sd=1)), lost(about(7, sd=1)))

        assert same_statement(row, again)
        assert not same_statement(row, again[::-1])
        assert not same_statement(row, again[:1])
        assert not same_statement(row[:1], again)
        assert not same_statement(row, row[0])
        assert not same_statement(row[0], row)
