import importlib
import re
from pathlib import Path

import pytest

import attrition

PAGES = sorted((Path(__file__).parents[1] / "docs" / "reference").glob("*.md"))
WINGS = ["accounts", "errors", "evidence", "projection", "report", "uncertain", "words"]

# What Sphinx documents: by its own look at the code, or typed in as for type aliases.
_DIRECTIVE = re.compile(r"\s*\.\. (?P<kind>auto\w+|py:\w+):: (?P<name>[\w.]+)")


def public(module: str) -> set[str]:
    """The names that a module hands on, however deep it is."""
    found: list[str] = importlib.import_module(module).__all__
    return set(found)


def documented(text: str) -> set[str]:
    """The names that a page documents, without their modules."""
    found: set[str] = set()
    for line in text.splitlines():
        directive = _DIRECTIVE.fullmatch(line)
        if directive is None:
            continue
        found.add(directive["name"].rpartition(".")[2])
        if directive["kind"] == "automodule":
            found |= public(directive["name"])
    return found


@pytest.fixture(scope="module")
def reference() -> set[str]:
    """The names on all pages of the reference."""
    return documented("\n".join(page.read_text("utf-8") for page in PAGES))


class TestReference:
    def test_the_face_is_complete(self, reference: set[str]) -> None:
        """Every name of the package has an entry, its module of plots included."""
        assert set(attrition.__all__) - {"report"} - reference == set()
        assert "plot" in reference

    @pytest.mark.parametrize("wing", WINGS)
    def test_wings_are_complete(self, reference: set[str], wing: str) -> None:
        """Every public name of a wing has an entry."""
        assert public(f"attrition.{wing}") - reference == set()


class TestDocumented:
    def test_directives(self) -> None:
        """A name counts where a directive documents it, and nowhere else."""
        page = (
            "`about` in passing\n"
            ".. currentmodule:: attrition\n"
            ".. autofunction:: between\n"
            "   .. py:type:: attrition.Operand\n"
            ".. automodule:: attrition.report.plot\n"
        )

        assert documented(page) == {"between", "Operand", "plot", "fan_chart", "forest_plot"}
