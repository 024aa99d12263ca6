import importlib

import pytest

import attrition


class TestNames:
    def test_every_public_name_is_there(self) -> None:
        """What is listed can be had, from the wing that has it."""
        for name in attrition.__all__:
            assert getattr(attrition, name) is not None

        assert attrition.about is importlib.import_module("attrition.uncertain").about
        assert attrition.project is importlib.import_module("attrition.projection").project
        assert set(attrition.__all__) <= set(dir(attrition))

    def test_wings_are_there(self) -> None:
        """A wing is an attribute without an import of its own."""
        for wing in ("words", "uncertain", "accounts", "evidence", "projection", "report"):
            assert attrition.__getattr__(wing) is importlib.import_module(f"attrition.{wing}")

    def test_a_star_hands_on_all(self) -> None:
        """``from attrition import *`` gives every public name."""
        names: dict[str, object] = {}
        exec("from attrition import *", names)  # noqa: S102 - it is the statement that is meant

        assert set(attrition.__all__) <= names.keys()

    def test_others_are_not(self) -> None:
        """A name that is not public is refused as Python does, and not found by looking on."""
        for name in ("projct", "fan_chart", "np"):
            with pytest.raises(AttributeError) as caught:
                getattr(attrition, name)
            assert str(caught.value) == f"module 'attrition' has no attribute {name!r}"
