import pytest

from attrition import FigureKind
from attrition.uncertain.figure_kind import ASKS, ENOUGH, NUMBERS


class TestFigureKind:
    @pytest.mark.parametrize("kind", FigureKind)
    def test_tables_are_complete(self, kind: FigureKind) -> None:
        """Every kind has its numbers, its keywords, and its keywords in words."""
        assert NUMBERS[kind]
        for keywords in ENOUGH[kind]:
            assert all(f"{keyword}=" in ASKS[kind] for keyword in keywords)
