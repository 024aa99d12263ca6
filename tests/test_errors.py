import pickle

import pytest

from attrition import errors
from attrition.errors import AttritionError, AttritionWarning, BlockError

ALL = [getattr(errors, name) for name in errors.__all__]
EXCEPTIONS = [kind for kind in ALL if issubclass(kind, AttritionError)]
WARNINGS = [kind for kind in ALL if issubclass(kind, AttritionWarning)]


class TestErrors:
    def test_all_are_handed_on(self) -> None:
        """Every exception and warning of the module is public, in order of its name."""
        own = [
            n
            for n, v in vars(errors).items()
            if isinstance(v, type) and v.__module__ == errors.__name__
        ]

        assert sorted(own) == errors.__all__
        assert len(EXCEPTIONS) + len(WARNINGS) == len(ALL)

    @pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.__name__))
    def test_when_it_occurs_and_how_to_fix_it(self, kind: type[Exception]) -> None:
        """Each says in one line what it means, then when it occurs and how to fix it."""
        text = kind.__doc__ or ""
        first, *_ = text.strip().splitlines()

        assert first.endswith(".")
        assert "When it occurs: " in text
        assert "How to fix it: " in text
        assert text.index("When it occurs: ") < text.index("How to fix it: ")

    @pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: str(kind.__name__))
    def test_also_one_of_python(self, kind: type[Exception]) -> None:
        """Each exception is the library's and, but for the base, one of Python's kinds too."""
        python = (TypeError, ValueError, ArithmeticError)

        assert kind is AttritionError or issubclass(kind, python)

    @pytest.mark.parametrize("kind", WARNINGS, ids=lambda kind: str(kind.__name__))
    def test_warnings_are_for_users(self, kind: type[Exception]) -> None:
        """Each warning is one that Python shows to users."""
        assert issubclass(kind, UserWarning)

    @pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.__name__))
    def test_they_cross_processes(self, kind: type[Exception]) -> None:
        """Each comes back from a pickle with its text."""
        back = pickle.loads(pickle.dumps(kind("n is 0: expected more.")))

        assert type(back) is kind
        assert str(back) == "n is 0: expected more."

    def test_what_was_done_crosses_too(self) -> None:
        """A block that failed in another process comes back with what was done before it."""
        back = pickle.loads(pickle.dumps(BlockError("block 2 failed.", partial=[1.5])))

        assert back.partial == [1.5]
        assert BlockError("block 1 failed.").partial is None
