import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import attrition
from tests.layers import (
    LAYERS,
    Module,
    circle_faults,
    late_faults,
    layer_faults,
    outside_faults,
    read_house,
    size_faults,
)

LAWS = [circle_faults, late_faults, layer_faults, outside_faults, size_faults]


@pytest.fixture(scope="module")
def house() -> dict[str, Module]:
    """The modules of the library."""
    return read_house(Path(attrition.__file__).parent)


def built(root: Path, files: dict[str, str]) -> dict[str, Module]:
    """A made-up house, from the paths and the texts of its files."""
    for name, text in files.items():
        path = root / "attrition" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return read_house(root / "attrition")


class TestHouse:
    @pytest.mark.parametrize("law", LAWS)
    def test_stands(
        self, house: dict[str, Module], law: Callable[[dict[str, Module]], list[str]]
    ) -> None:
        """The library keeps every law of the house."""
        assert law(house) == []

    def test_is_all_read(self, house: dict[str, Module]) -> None:
        """The laws look at every module, the face and the ground floor included."""
        assert {"attrition", "attrition.errors", "attrition.words.language"} <= set(house)

    def test_import_costs_neither_scipy_nor_matplotlib(self) -> None:
        """A fresh interpreter that imports the library has not loaded scipy or matplotlib."""
        seen = "import sys, attrition; print(*sorted({'scipy', 'matplotlib'} & set(sys.modules)))"
        where = str(Path(attrition.__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {where!r}); {seen}"],
            capture_output=True,
            text=True,
            check=True,
        )

        assert done.stdout.split() == []


class TestLayerFaults:
    def test_upwards(self, tmp_path: Path) -> None:
        """A wing that imports from a higher one is reported with its line."""
        house = built(
            tmp_path,
            {
                "words/language": "import math\nfrom attrition.accounts.period import Period\n",
                "accounts/period": "from attrition.words.language import word\n",
            },
        )

        assert layer_faults(house) == [
            "attrition.words.language:2 imports attrition.accounts.period, which is not below it"
        ]

    def test_sideways(self, tmp_path: Path) -> None:
        """Two wings of one layer do not import each other, nor does the ground floor."""
        house = built(
            tmp_path,
            {
                "series/fit": "import attrition.lanchester.linear\n",
                "lanchester/linear": "",
                "errors": "from attrition import _typing\n",
                "_typing": "",
            },
        )

        assert layer_faults(house) == [
            "attrition.errors:1 imports attrition._typing, which is not below it",
            "attrition.series.fit:1 imports attrition.lanchester.linear, which is not below it",
        ]

    def test_the_face_is_above_all(self, tmp_path: Path) -> None:
        """The face imports every wing, and no wing imports the face."""
        house = built(
            tmp_path,
            {
                "__init__": "from attrition.report.plot import fan_chart\n",
                "report/plot": "from attrition import word\n",
            },
        )

        assert layer_faults(house) == [
            "attrition.report.plot:1 imports attrition, which is not below it"
        ]

    def test_wing_without_a_layer(self, tmp_path: Path) -> None:
        """A new wing has to be put into a layer."""
        assert layer_faults(built(tmp_path, {"cellar/wine": ""})) == [
            "attrition.cellar.wine lies in no layer"
        ]


class TestCircleFaults:
    def test_round_a_corner(self, tmp_path: Path) -> None:
        """A circle is reported as it is imported, also one that runs through types only."""
        house = built(
            tmp_path,
            {
                "words/a": "from attrition.words import b\n",
                "words/b": "if TYPE_CHECKING:\n    from attrition.words.c import C\n",
                "words/c": "import attrition.words.a\n",
                "words/d": "import attrition.words.a\n",
            },
        )
        (circle,) = circle_faults(house)
        steps = circle.split(" imports ")

        assert len(steps) == 4
        assert set(itertools.pairwise(steps)) == {
            ("attrition.words.a", "attrition.words.b"),
            ("attrition.words.b", "attrition.words.c"),
            ("attrition.words.c", "attrition.words.a"),
        }


class TestLateFaults:
    def test_inside_a_function(self, tmp_path: Path) -> None:
        """The house imports itself at the top of its files only; scipy comes late."""
        house = built(
            tmp_path,
            {
                "words/a": "def f():\n    import scipy\n    from attrition.words.b import b\n",
                "words/b": "",
            },
        )

        assert late_faults(house) == ["attrition.words.a:3 imports attrition.words.b late"]


class TestOutsideFaults:
    def test_at_import_time(self, tmp_path: Path) -> None:
        """What is heavy or not depended on is not imported with the library."""
        house = built(
            tmp_path,
            {
                "words/a": (
                    "import numpy.typing\n"
                    "from scipy import stats\n"
                    "class A:\n"
                    "    import matplotlib\n"
                    "if TYPE_CHECKING:\n"
                    "    import matplotlib.axes\n"
                    "async def f():\n"
                    "    import scipy\n"
                ),
            },
        )

        assert outside_faults(house) == [
            "attrition.words.a:2 imports scipy at import time",
            "attrition.words.a:4 imports matplotlib at import time",
        ]

    def test_relative(self, tmp_path: Path) -> None:
        """A relative import hides what it points to, and is reported."""
        assert outside_faults(built(tmp_path, {"words/a": "from .b import b\n"})) == [
            "attrition.words.a:1 imports .b at import time"
        ]


class TestSizeFaults:
    def test_file(self, tmp_path: Path) -> None:
        """A file may have 400 lines and no more."""
        house = built(tmp_path, {"words/a": "x = 1\n" * 400, "words/b": "x = 1\n" * 401})

        assert size_faults(house) == ["attrition.words.b has 401 lines, over 400"]

    def test_function(self, tmp_path: Path) -> None:
        """A function may have 40 lines and no more; its docstring does not count."""
        text = "def f():\n" + '    """\n    Text.\n    """\n' + "    x = 1\n" * 39
        house = built(tmp_path, {"words/a": text, "words/b": text + "    x = 1\n"})

        assert size_faults(house) == ["attrition.words.b:1 f has 41 lines, over 40"]

    def test_method_without_docstring(self, tmp_path: Path) -> None:
        """Methods count, and so does every line where there is no docstring."""
        text = "class A:\n    async def f(self):\n" + "        x = 1\n" * 40

        assert size_faults(built(tmp_path, {"words/a": text})) == [
            "attrition.words.a:2 f has 41 lines, over 40"
        ]


class TestLayers:
    def test_name_each_wing_once(self) -> None:
        """No wing lies in two layers."""
        wings = [wing for layer in LAYERS for wing in layer]

        assert len(wings) == len(set(wings))
