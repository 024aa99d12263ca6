"""The example of January 2026: run as a reader would, and its answers computed a second time."""

import importlib.util
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.image import imread
from scipy import stats

import attrition as at
from tests.january import (
    January,
    Values,
    Z,
    assert_same_law,
    assert_share,
    months_away,
    strengths,
)

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "docs" / "examples" / "january_2026.py"
PICTURE = "january_2026.png"
WAR_MONTHS = 7 / 31 + 109 + 15 / 28


def run(folder: Path, hash_seed: int) -> str:
    """What the script prints, run in a folder of its own."""
    environment = {
        **os.environ,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONPATH": str(ROOT / "src"),
    }
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT)],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the script runs."""
    return tmp_path_factory.mktemp("example")


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    """The report."""
    return run(folder / "first", 1)


def loaded() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("january_2026", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """The script, imported."""
    return loaded()


def line_of(text: str, question: str) -> str:
    """The answer to a question, as printed."""
    (line,) = (line for line in text.splitlines() if line.strip().startswith(question))
    return line.strip().removeprefix(question).strip()


class TestReport:
    def test_same_twice(self, folder: Path, text: str) -> None:
        """Two runs print the same text, whatever the hashes of Python."""
        assert run(folder / "second", 2) == text

    def test_readable(self, text: str) -> None:
        """The report is one page."""
        lines = text.splitlines()

        assert len(lines) <= 80
        assert max(map(len, lines)) <= 100

    @pytest.mark.usefixtures("text")
    def test_picture(self, folder: Path) -> None:
        """The picture has two panels with a blue fan in each."""
        picture = imread(folder / "first" / PICTURE)
        half = picture.shape[1] // 2

        assert picture.shape[0] > 400
        assert picture.shape[1] > 2 * picture.shape[0]
        for panel in (picture[:, :half], picture[:, half:]):
            blue = panel[..., 2] - panel[..., 0] > 0.1
            assert 0.1 < blue.mean() < 0.5

    def test_deficit(self, text: str) -> None:
        """The deficit of 9,000 has the interval and the chance of a difference of normals."""
        law = stats.norm(9_000, math.hypot(4_400, 3_500) / Z)
        low, high = law.interval(0.9)
        chance = 100 * law.sf(0)

        assert f"9,000 ({low:,.0f} to {high:,.0f} at 90 %)" in line_of(text, "44,000 - 35,000")
        assert f"\n    more lost than joined            {chance:.1f} %, outside" in text
        assert chance == pytest.approx(99.6, abs=0.05)

    def test_pair_of_one_speaker(self, text: str) -> None:
        """Brovdi's gross deficit is 8,618 and exact."""
        half = math.hypot(3_061.8, 2_200)

        assert line_of(text, "Brovdi: 30,618 - 22,000, gross").split("  ")[0] == (
            f"8,618 ({8_618 - half:,.0f} to {8_618 + half:,.0f} at 90 %)"
        )

    def test_parity(self, text: str) -> None:
        """December is an even chance."""
        assert line_of(text, "35,000 - 35,000, irrecoverable").startswith(
            "0 (-4,950 to 4,950 at 90 %)"
        )
        assert "50.0 %, roughly even chance                   exact" in text

    @pytest.mark.parametrize(
        ("pair", "published"),
        [
            ("31,680 / 22,000", [0.11, 0.41, 0.79, 0.84]),
            ("44,000 / 35,000", [0.005, 0.06, 0.25, 0.38]),
            ("35,050 / 35,000", [0.0, 0.0, 0.0, 0.003]),
        ],
    )
    def test_table_of_signs(self, text: str, pair: str, published: list[float]) -> None:
        """The table of signs is the published one."""
        assert list(map(float, line_of(text, pair).split())) == pytest.approx(published, abs=0.02)

    def test_left_out(self, text: str) -> None:
        """Claims of killed and wounded leave out every other exit, and the report says so."""
        exits = "MIA | POW | DNB_DIED | DNB_LOST | DESERTED | DISCHARGED"

        assert line_of(text, "left out elsewhere:") == exits

    def test_refusal(self, text: str) -> None:
        """The refusal is printed as it is raised."""
        assert (
            "refused: cannot compare KILLED_AND_WOUNDED, January 2026, Russia with KILLED, "
            "1979-12-25 to 1989-02-15, Soviet Union (estimates, as the report quotes them, "
            "2026-02-13): they count different people. Convert one first, for example "
            "convert(estimate, to=Category.KILLED, "
            "mix=CasualtyMix.from_ratios(...))." in " ".join(text.split())
        )

    def test_two_years(self, text: str) -> None:
        """Donetsk Oblast is taken within two years with the chance of a lognormal pace."""
        middle, sigma = 6_500 * 3.3 / 908, math.hypot(math.log(1.1), math.log(1.3)) / Z
        chance = stats.norm.cdf(math.log((17 / 31 + 27 + 12 / 29) / middle) / sigma)

        assert line_of(text, "taken by").startswith("2027-10-04 (2027-04-")
        assert line_of(text, "within two years, by 2028-02-13").startswith(
            f"{100 * chance:.1f} %, very likely"
        )


Column: TypeAlias = Values | npt.NDArray[np.bool_]
"""Numbers, or whether something happened."""


class Drawn:
    """The unknowns of the example, and what follows from them, in plain numpy."""

    def __init__(self) -> None:
        draw = January()
        self.stated, self.recruits = draw.give_or_take(44_000), draw.give_or_take(35_000)
        self.december = draw.give_or_take(35_000)
        self.brovdi, self.brovdi_recruits = draw.give_or_take(30_618), draw.give_or_take(22_000)
        self.claim, self.start = draw.give_or_take(31_680), draw.give_or_take(713_000, 0.05)
        self.war = draw.inside(14_500, 23_000)
        w, s = draw.wounded_per_killed(), draw.returned_per_wounded()
        self.wounded, self.back, self.dead = w, w * s, 1 / (1 + w)
        sigma = math.log(1.1) / Z, math.log(1.3) / Z
        left, pace = (draw.rng.lognormal(0, one, w.size) for one in sigma)
        self.months = 6_500 * left / (908 / 3.3 * pace)

    @property
    def stays_away(self) -> Values:
        """The share of killed and wounded who do not return."""
        return 1 - self.back * self.dead

    def january(self) -> list[Column]:
        """The deficits of January."""
        article = self.stated - self.recruits
        gross = self.brovdi - self.brovdi_recruits
        net = self.brovdi * self.stays_away - self.brovdi_recruits
        return [article, article > 0, gross, gross > 0, net, net > 0]

    def december_parity(self) -> list[Column]:
        """The deficit of December."""
        deficit = self.december - self.recruits
        return [deficit, deficit > 0]

    def readings(self) -> list[Column]:
        """A month and a year under three readings."""
        answers: list[Column] = []
        for lost, back in (
            (self.stated, 0 * self.stated),
            (self.stated / self.dead, self.stated * self.back),
            (self.stated, self.stated * self.back * self.dead),
        ):
            deficit = lost - back - self.recruits
            answers += [deficit, deficit > 0]
        paths = strengths(
            self.start,
            self.stated / self.dead,
            self.recruits,
            self.stated * self.back,
            away=months_away(3),
            hospital="full",
        )
        return [*answers, paths < 0.5 * self.start]

    def afghanistan(self) -> list[Column]:
        """January against a war of nine years."""
        stated, dead = self.stated / self.war, self.claim * self.dead
        total = dead / self.war
        return [stated, stated >= 2, dead, total, total >= 2, total * WAR_MONTHS]

    def donetsk(self) -> list[Column]:
        """Months from 15 October 2025."""
        return [self.months, self.months <= 17 / 31 + 27 + 12 / 29]

    def outrun(self) -> list[Column]:
        """Losses and recruits in balance."""
        net = self.stated * self.stays_away
        return [self.recruits, self.recruits, self.stated, self.stated, net, net]

    def ten_per_cent_less(self) -> list[Column]:
        """Months from 1 February 2026."""
        plain, wounded = (
            np.where(pace > 0, 0.1 * self.start / np.abs(pace), np.inf)
            for pace in (
                self.stated - self.recruits,
                self.stated * self.stays_away - self.recruits,
            )
        )
        return [plain, plain <= 12, wounded <= 12]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """The second computation."""
    return Drawn()


def assert_answer(found: object, values: Column) -> None:
    """An answer of the example is that of independent draws."""
    if isinstance(found, at.EventSummary):
        assert_share(values.astype(np.bool_), found.probability)
    elif isinstance(found, at.Uncertain):
        assert_same_law(values, found.ppf)
    elif isinstance(found, at.OpenPassage):
        assert_same_law(values, found.time.ppf)
    else:
        assert isinstance(found, at.WatchedPassage)
        fallen = np.maximum.accumulate(values.astype(np.bool_), axis=0)
        for day, so_far in zip(found.grid.dates, fallen, strict=True):
            assert_share(so_far, found.probability(by=day))
        for p in (0.05, 0.5, 0.95):
            first = int(np.argmax(fallen.mean(axis=-1) >= p))
            assert found.quantile(p) == found.grid.dates[first]


SECTIONS = {
    "january": Drawn.january,
    "december": Drawn.december_parity,
    "readings": Drawn.readings,
    "afghanistan": Drawn.afghanistan,
    "donetsk": Drawn.donetsk,
    "outrun": Drawn.outrun,
    "ten_per_cent_less": Drawn.ten_per_cent_less,
}


class TestAnswers:
    @pytest.mark.parametrize(("section", "expected"), SECTIONS.items(), ids=SECTIONS)
    def test_second_computation(
        self,
        example: ModuleType,
        text: str,
        drawn: Drawn,
        section: str,
        expected: Callable[[Drawn], list[Column]],
    ) -> None:
        """Every answer is that of independent draws, and is printed under its question."""
        for answer, values in zip(getattr(example, section)(), expected(drawn), strict=True):
            assert_answer(answer.found, values)
            assert f"  {answer.question:<35}{example.shown(answer)}" in text

    def test_levels(self, example: ModuleType) -> None:
        """What holds with 90 % is the upper end of the interval that holds 80 %."""
        for answer in example.outrun()[1::2]:
            assert answer.level == 0.9
            assert example.shown(answer) == f"{answer.found.interval(0.8)[1]:,.0f}"

    def test_table_of_signs(self, example: ModuleType, text: str) -> None:
        """The table is printed to three places."""
        for pair, row in example.table_of_signs().items():
            assert line_of(text, pair).split() == [f"{chance:.3f}" for chance in row]

    def test_sampled_certainty(self, example: ModuleType) -> None:
        """A share of all draws is not printed as certain, nor its error as none; a proof is."""
        sampled = at.EventSummary(probability=1.0, method="draws", error=0.0)
        proven = at.EventSummary(probability=1.0, method="exact", error=0.0)

        assert example.shown(example.Answer("", sampled)) == "above 99.9 %, outside ICD 203"
        assert example.how(sampled) == "draws +- 0.01 %"
        assert example.shown(example.Answer("", proven)) == "100.0 %, outside ICD 203"
        assert example.how(proven) == "exact"


class TestImport:
    def test_silent(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Importing the script prints nothing and writes nothing."""
        monkeypatch.chdir(tmp_path)
        loaded()

        assert capsys.readouterr() == ("", "")
        assert list(tmp_path.iterdir()) == []
