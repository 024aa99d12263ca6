import math
import pickle
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attrition import Figure, FigureError, FigureKind, ParameterError, parse_figure

POINT, RANGE = FigureKind.POINT, FigureKind.RANGE
LOWER, UPPER = FigureKind.LOWER_BOUND, FigureKind.UPPER_BOUND

# The text, its point, its hedge, what trails it, and the places it may be rounded to.
POINTS: list[tuple[str, float, str | None, str, float, float]] = [
    ("44,000", 44_000, None, "", 1, 1_000),
    ("about 44,000", 44_000, "about", "", 1, 1_000),
    ("about 44000", 44_000, "about", "", 1, 1_000),
    ("About 44 000 men", 44_000, "About", "men", 1, 1_000),
    (
        "just around 44,000 dead on the battlefield",
        *(44_000, "just around", "dead on the battlefield", 1, 1_000),
    ),
    (
        "around 9,000 more battlefield losses than it was able to replace",
        *(9_000, "around", "more battlefield losses than it was able to replace", 1, 1_000),
    ),
    ("roughly 35,000 a month", 35_000, "roughly", "a month", 1, 1_000),
    ("some 22,000 recruits", 22_000, "some", "recruits", 1, 1_000),
    ("approximately 35,050", 35_050, "approximately", "", 1, 10),
    ("approx. 1,200,000", 1_200_000, "approx.", "", 1, 100_000),
    ("~ 31,680", 31_680, "~", "", 1, 10),
    ("≈31,713", 31_713, "≈", "", 1, 1),
    ("c. 300", 300, "c.", "", 1, 100),
    ("ca.300", 300, "ca.", "", 1, 100),
    ("c 300", 300, "c", "", 1, 100),
    ("an estimated 418,000", 418_000, "an estimated", "", 1, 1_000),
    ("in the region of 10,000", 10_000, "in the region of", "", 1, 10_000),
    ("only about 22,000", 22_000, "about", "", 1, 1_000),
    ("a total of 406,000", 406_000, None, "", 1, 1_000),
    ("1.2m", 1_200_000, None, "", 100_000, 100_000),
    ("1.2M", 1_200_000, None, "", 100_000, 100_000),
    ("1.2 M casualties", 1_200_000, None, "casualties", 100_000, 100_000),
    ("1.2 million", 1_200_000, None, "", 100_000, 100_000),
    ("1.20 million", 1_200_000, None, "", 10_000, 10_000),
    ("1.234 million", 1_234_000, None, "", 1_000, 1_000),
    ("35k", 35_000, None, "", 1_000, 1_000),
    ("35K", 35_000, None, "", 1_000, 1_000),
    ("35 k lost", 35_000, None, "lost", 1_000, 1_000),
    ("40 thousand", 40_000, None, "", 1_000, 10_000),
    ("100 Thousands", 100_000, None, "", 1_000, 100_000),
    ("2 hundred", 200, None, "", 100, 100),
    ("1.5bn", 1_500_000_000, None, "", 1e8, 1e8),
    ("3 lakh", 300_000, None, "", 100_000, 100_000),
    ("1,200.50", 1_200.5, None, "", 0.01, 0.01),
    ("0.234", 0.234, None, "", 0.001, 0.001),
    ("1.2345", 1.2345, None, "", 0.0001, 0.0001),
    ("1,200.234", 1_200.234, None, "", 0.001, 0.001),
    ("0", 0, None, "", 1, 1),
    ("-9,000", -9_000, None, "", 1, 1_000),
    ("\N{MINUS SIGN}9,000", -9_000, None, "", 1, 1_000),
    ("about +9,000", 9_000, "about", "", 1, 1_000),
    ("44'000", 44_000, None, "", 1, 1_000),
    ("44\N{RIGHT SINGLE QUOTATION MARK}000", 44_000, None, "", 1, 1_000),
    ("44_000", 44_000, None, "", 1, 1_000),
    ("44\N{NO-BREAK SPACE}000", 44_000, None, "", 1, 1_000),
    ("1\N{THIN SPACE}200\N{NARROW NO-BREAK SPACE}000", 1_200_000, None, "", 1, 100_000),
    ("  about\t44,000 \n", 44_000, "about", "", 1, 1_000),
    ("\N{ZERO WIDTH NO-BREAK SPACE}44,000.", 44_000, None, "", 1, 1_000),
    ('"about 44,000"', 44_000, "about", "", 1, 1_000),
    ("“44,000”, he said", 44_000, None, "he said", 1, 1_000),
    ("44,000?", 44_000, None, "?", 1, 1_000),
    ("44,000 or so, by one count", 44_000, "or so", "by one count", 1, 1_000),
    ("about 44,000-odd men", 44_000, "about ... -odd", "men", 1, 1_000),
    ("44,000-strong", 44_000, None, "-strong", 1, 1_000),
    ("44k-strong", 44_000, None, "-strong", 1_000, 1_000),
    ("6,500 km2", 6_500, None, "km2", 1, 100),
    ("30,000 to date", 30_000, None, "to date", 1, 10_000),
    ("44,000 – although disputed", 44_000, None, "– although disputed", 1, 1_000),
    ("44,000 or more than expected", 44_000, None, "or more than expected", 1, 1_000),
    ("44,000 and wounded", 44_000, None, "and wounded", 1, 1_000),
    ("44,000 + wounded", 44_000, None, "+ wounded", 1, 1_000),
    ("31 may be dead", 31, None, "may be dead", 1, 1),
    ("14 march on", 14, None, "march on", 1, 1),
    ("32 May", 32, None, "May", 1, 1),
    ("14 thousand January losses", 14_000, None, "January losses", 1_000, 1_000),
    ("2014", 2_014, None, "", 1, 1),
]

# The text, its ends, its hedge, what trails it, and the places it may be rounded to.
RANGES: list[tuple[str, float, float, str | None, str, float, float]] = [
    (
        "14,500 to 23,000, although estimates vary",
        *(14_500, 23_000, None, "although estimates vary", 1, 100),
    ),
    ("14,500-23,000", 14_500, 23_000, None, "", 1, 100),
    ("14500-23000", 14_500, 23_000, None, "", 1, 100),
    ("14,500–23,000", 14_500, 23_000, None, "", 1, 100),
    ("14,500 — 23,000 dead", 14_500, 23_000, None, "dead", 1, 100),
    ("14,500\N{NON-BREAKING HYPHEN}23,000", 14_500, 23_000, None, "", 1, 100),
    ("14,500 -- 23,000", 14_500, 23_000, None, "", 1, 100),
    ("between 14 500 and 23 000", 14_500, 23_000, None, "", 1, 100),
    ("between 14,500-23,000", 14_500, 23_000, None, "", 1, 100),
    ("Between about 14,500 and roughly 23,000", 14_500, 23_000, "about ... roughly", "", 1, 100),
    ("somewhere between 14,500 and 23,000", 14_500, 23_000, "somewhere", "", 1, 100),
    ("from 300 to 350 thousand", 300_000, 350_000, None, "", 1_000, 10_000),
    ("From 300 TO 350 thousand", 300_000, 350_000, None, "", 1_000, 10_000),
    ("275-325 thousand", 275_000, 325_000, None, "", 1_000, 1_000),
    ("300k-350k", 300_000, 350_000, None, "", 1_000, 10_000),
    ("1.2m to 1,350,000", 1_200_000, 1_350_000, None, "", 1, 10_000),
    ("1k to 1,500", 1_000, 1_500, None, "", 1, 100),
    ("14,500-23 thousand", 14_500, 23_000, None, "", 1, 100),
    ("500 to 2 thousand", 500, 2_000, None, "", 1, 100),
    ("900 to 1,200", 900, 1_200, None, "", 1, 100),
    ("1-1,000", 1, 1_000, None, "", 1, 1),
    ("8-10,500", 8, 10_500, None, "", 1, 1),
    ("0-5,000", 0, 5_000, None, "", 1, 1_000),
    ("0 to 5 thousand", 0, 5_000, None, "", 1_000, 1_000),
    ("-5,000 to -3,000", -5_000, -3_000, None, "", 1, 1_000),
    ("1.234-1.345 million", 1_234_000, 1_345_000, None, "", 1_000, 1_000),
    ("about 14,500 to 23,000 or so", 14_500, 23_000, "about ... or so", "", 1, 100),
    ("1,979 to 1,989", 1_979, 1_989, None, "", 1, 1),
    ("1899 to 1989", 1_899, 1_989, None, "", 1, 1),
    ("1979 to 2100", 1_979, 2_100, None, "", 1, 1),
]

# The text, its kind, the bound, its hedge, and what trails it.
BOUNDS: list[tuple[str, FigureKind, float, str, str]] = [
    ("at least 1,562 names", LOWER, 1_562, "at least", "names"),
    ("more than 44k", LOWER, 44_000, "more than", ""),
    ("over 44,000", LOWER, 44_000, "over", ""),
    ("just over 44,000", LOWER, 44_000, "just over", ""),
    ("no fewer than 44,000", LOWER, 44_000, "no fewer than", ""),
    ("min. 44,000", LOWER, 44_000, "min.", ""),
    (">44,000", LOWER, 44_000, ">", ""),
    (">= 44,000", LOWER, 44_000, ">=", ""),
    ("at least about 44,000", LOWER, 44_000, "at least about", ""),
    ("44,000+", LOWER, 44_000, "+", ""),
    ("35k+ dead", LOWER, 35_000, "+", "dead"),
    ("about 44,000 or more", LOWER, 44_000, "about ... or more", ""),
    ("at least 44,000 and counting", LOWER, 44_000, "at least ... and counting", ""),
    ("up to 44,000", UPPER, 44_000, "up to", ""),
    ("up to around 35K", UPPER, 35_000, "up to around", ""),
    ("fewer than 44,000", UPPER, 44_000, "fewer than", ""),
    ("nearly 44,000", UPPER, 44_000, "nearly", ""),
    ("almost 1.2 million", UPPER, 1_200_000, "almost", ""),
    ("just under 44,000", UPPER, 44_000, "just under", ""),
    ("<44,000", UPPER, 44_000, "<", ""),
    ("≤ 44,000", UPPER, 44_000, "≤", ""),
    ("44,000 or fewer", UPPER, 44_000, "or fewer", ""),
    ("44,000 at most", UPPER, 44_000, "at most", ""),
]

# The text, its point, plus_minus, relative, what trails it, and the smallest place.
SPREADS: list[tuple[str, float, float | None, float | None, str, float]] = [
    ("44,000 +- 3,000", 44_000, 3_000, None, "", 1),
    ("44,000 ± 3,000 people", 44_000, 3_000, None, "people", 1),
    ("44,000±3,000", 44_000, 3_000, None, "", 1),
    ("about 44,000 +/- 10 %", 44_000, None, 0.1, "", 1),
    ("44,000 +\N{MINUS SIGN} 10%", 44_000, None, 0.1, "", 1),
    ("44,000 +/\N{EN DASH} 7.5 per cent.", 44_000, None, 0.075, "", 1),
    ("44,000 (± 10 percent), own estimate", 44_000, None, 0.1, "own estimate", 1),
    ("44,000 (± 3,000 or so)", 44_000, 3_000, None, ")", 1),
    ("44,000, give or take 3k", 44_000, 3_000, None, "", 1),
    ("44,000 plus or minus 3,000", 44_000, 3_000, None, "", 1),
    ("44 ± 3 thousand", 44_000, 3_000, None, "", 1_000),
    ("44,000 ± 3 thousand", 44_000, 3_000, None, "", 1),
    ("44k ± 500", 44_000, 500, None, "", 1_000),
    ("44k ± 100", 44_000, 100, None, "", 1_000),
    ("1.2 million ± 30,000", 1_200_000, 30_000, None, "", 100_000),
    ("1.2m ± 0.1m", 1_200_000, 100_000, None, "", 100_000),
    ("500 ± 600", 500, 600, None, "", 1),
    ("-500 ± 1,500", -500, 1_500, None, "", 1),
    ("1.234m ± 1 %", 1_234_000, None, 0.01, "", 1_000),
    ("9,000 ± 12,000", 9_000, 12_000, None, "", 1),
]

CUT = "Cut the text to the figure that is meant."
IN_FULL = "Write both numbers in full; if they are, type between(low, high, ...)."
SPREAD_IN_FULL = "Write both numbers in full; if they are, type about(point, sd=...)."
WRITTEN = (
    "is not written as one number, expected groups of three as in 44,000 and one decimal mark "
    "as in 44.5."
)
DIGITS = 'expected digits. Write for example "about 44,000".'
LEAD = f'expected a hedge or a number. {CUT[:-1]}, for example "about 44,000".'
SECOND = f"expected one number or one range. {CUT}"
SCALE = (
    "is no scale, expected k, m, bn or a blank. Write the scale as a word, or put a blank before "
    "a unit."
)
SHARE = (
    "a share, expected a number of people. "
    "Type share(0.4, 0.7, confidence=...) for 40 to 70 per cent."
)
SPREAD = "expected a number above 0. Write for example +- 3,000 or +- 10 %."
ENDS = "and its second end. Write both ends, for example 14,500 to 23,000."
ONE_BOUND = (
    "a range that is hedged as a bound, expected one or the other. "
    "Cut the text to the two ends, or to the one bound that is meant."
)

# The text, the position, and what the error says behind it.
REFUSED: list[tuple[str, int, str]] = [
    ("", 0, f"no number in it, {DIGITS}"),
    (" \n", 0, f"no number in it, {DIGITS}"),
    ("nan", 0, f"no number in it, {DIGITS}"),
    ("-inf", 0, f"no number in it, {DIGITS}"),
    ("twice as many", 0, f"no number in it, {DIGITS}"),
    ("several dozens", 8, f"'dozens' is a number in words, {DIGITS}"),
    ("Tens of thousands of men", 0, f"'Tens' is a number in words, {DIGITS}"),
    ("½ million", 2, f"'million' is a number in words, {DIGITS}"),
    ("T72", 0, f"no number in it, {DIGITS}"),
    ("44 or ٤٥", 6, "'٤' is no digit from 0 to 9. Write 44,000."),
    ("2026-01-31", 0, f"'2026-01-31' is a date, expected a number. {CUT}"),
    ("on 31.01.2026", 3, f"'31.01.2026' is a date, expected a number. {CUT}"),
    ("31/1/26", 0, f"'31/1/26' is a date, expected a number. {CUT}"),
    ("31 January", 0, f"31 January is a date, expected a number. {CUT}"),
    ("5 May", 0, f"5 May is a date, expected a number. {CUT}"),
    ("January 26", 0, f"'January' is a month, {LEAD}"),
    ("1979-1989", 0, "1979 and 1989 look like years. Write 1,979 to 1,989 if they count people."),
    (
        "1900 to 2099",
        0,
        "1900 and 2099 look like years. Write 1,900 to 2,099 if they count people.",
    ),
    ("10 %", 3, SHARE),
    ("10-15 per cent", 6, SHARE),
    ("10 percentage points", 3, SHARE),
    ("44,000 ± 3 percentage points", 11, SHARE),
    ("44,000 ± 3k %", 12, SHARE),
    ("44,00", 0, f"'44,00' {WRITTEN} Type decimal=\",\" if that is its decimal mark."),
    ("44,5", 0, f"'44,5' {WRITTEN} Type decimal=\",\" if that is its decimal mark."),
    ("1.234.567", 0, f"'1.234.567' {WRITTEN} Type decimal=\",\" if that is its decimal mark."),
    ("1,20,000", 0, f"'1,20,000' {WRITTEN} Write it in full."),
    ("1,200 000", 0, f"'1,200 000' {WRITTEN} Write it in full."),
    ("1,200'000", 0, f'"1,200\'000" {WRITTEN} Write it in full.'),
    ("4400,000", 0, f"'4400,000' {WRITTEN} Type decimal=\",\" if that is its decimal mark."),
    ("007", 0, f"'007' {WRITTEN} Write it in full."),
    (
        "about 1.234 men",
        6,
        "it reads as 1.234 or, with groups behind points, as 1,234. "
        'Say which mark is decimal: decimal="." or decimal=",".',
    ),
    (
        "44,000 ± 1.500",
        9,
        "it reads as 1.500 or, with groups behind points, as 1,500. "
        'Say which mark is decimal: decimal="." or decimal=",".',
    ),
    (
        "44 to 144.500",
        6,
        "it reads as 144.500 or, with groups behind points, as 144,500. "
        'Say which mark is decimal: decimal="." or decimal=",".',
    ),
    (
        "1234567890123456",
        0,
        "a number of 16 digits, expected at most 15. "
        "Write it with a scale, for example 1.2 million.",
    ),
    ("5 m", 2, "'m' behind a blank is million or metres. Write 5 million, or leave the unit out."),
    ("44x", 2, f"'x' behind '44' {SCALE}"),
    ("3rd", 1, f"'rd' behind '3' {SCALE}"),
    ("1e5", 1, f"'e5' behind '1' {SCALE}"),
    ("4½", 1, f"'½' behind '4' {SCALE}"),
    ("44k5", 2, f"'k5' behind '44' {SCALE}"),
    ("$44,000", 0, f"'$' is not understood there, {LEAD}"),
    ("(44,000)", 0, f"'(' is not understood there, {LEAD}"),
    ("- 44,000", 0, f"'-' is not understood there, {LEAD}"),
    (".5 million", 0, f"'.' is not understood there, {LEAD}"),
    ("about. 44,000", 5, f"'.' is not understood there, {LEAD}"),
    ("c . 44,000", 2, f"'.' is not understood there, {LEAD}"),
    ("not 44,000", 0, f"'not' is not understood there, {LEAD}"),
    ("losses of 44,000", 0, f"'losses' is not understood there, {LEAD}"),
    ("between from 3 to 4", 8, f"'from' is not understood there, {LEAD}"),
    ("44,000 in January 2026", 18, f"a second number, '2026', {SECOND}"),
    ("44,000 or 46,000", 10, f"a second number, '46,000', {SECOND}"),
    ("14,500 and 23,000", 11, f"a second number, '23,000', {SECOND}"),
    ("14  500", 4, f"a second number, '500', {SECOND}"),
    ("14, 500", 4, f"a second number, '500', {SECOND}"),
    ("2 to 3 to 4", 10, f"a second number, '4', {SECOND}"),
    ("14,500-23,000 ± 10 %", 16, f"a second number, '10', {SECOND}"),
    ("3/4", 2, f"a second number, '4', {SECOND}"),
    ("44-thousand", 3, f"a second number, 'thousand', {SECOND}"),
    ("2 hundred thousand", 10, f"a second number, 'thousand', {SECOND}"),
    ("35,000 to Forty", 10, f"a second number, 'Forty', {SECOND}"),
    ("3 dozen", 2, f"a second number, 'dozen', {SECOND}"),
    (
        "14-23,000",
        0,
        f"it reads as 14 to 23,000 or as 14,000 to 23,000. {IN_FULL}",
    ),
    ("14 to 23000", 0, f"it reads as 14 to 23,000 or as 14,000 to 23,000. {IN_FULL}"),
    ("1-2,000,000", 0, f"it reads as 1 to 2,000,000 or as 1,000,000 to 2,000,000. {IN_FULL}"),
    ("1.5-2,000", 0, f"it reads as 1.5 to 2,000 or as 1,500 to 2,000. {IN_FULL}"),
    ("about 300 to 1.2m", 6, f"it reads as 300 to 1,200,000 or as 300,000 to 1,200,000. {IN_FULL}"),
    (
        "14,500 to 23,000 thousand",
        0,
        f"it reads as 14,500 to 23,000,000 or as 14,500,000 to 23,000,000. {IN_FULL}",
    ),
    ("35k-40", 0, f"it reads as 35,000 to 40 or as 35,000 to 40,000. {IN_FULL}"),
    ("44k ± 3", 0, f"it reads as 44,000 +- 3 or as 44,000 +- 3,000. {SPREAD_IN_FULL}"),
    ("144k ± 143", 0, f"it reads as 144,000 +- 143 or as 144,000 +- 143,000. {SPREAD_IN_FULL}"),
    ("2k ± 99", 0, f"it reads as 2,000 +- 99 or as 2,000 +- 99,000. {SPREAD_IN_FULL}"),
    ("44 ± 3,000", 0, f"it reads as 44 +- 3,000 or as 44,000 +- 3,000. {SPREAD_IN_FULL}"),
    ("3 ± 44 thousand", 0, f"it reads as 3 +- 44,000 or as 3,000 +- 44,000. {SPREAD_IN_FULL}"),
    (
        "9,000 ± 3,000k",
        0,
        f"it reads as 9,000 +- 3,000,000 or as 9,000,000 +- 3,000,000. {SPREAD_IN_FULL}",
    ),
    (
        "23,000-14,500",
        0,
        "a range from 23,000 to 14,500, expected the smaller number first. "
        "Write 14,500 to 23,000 if that is meant.",
    ),
    (
        "about 44.5 to 44.5",
        6,
        "a range from 44.5 to 44.5, expected the smaller number first. "
        "Write 44.5 to 44.5 if that is meant.",
    ),
    ("between 14,500", 14, f"'between' opens a range, expected 'and' {ENDS}"),
    ("from 30,000 in March to 44,000", 12, f"'from' opens a range, expected 'to' {ENDS}"),
    ("from 30,000 and 44,000", 12, f"'from' opens a range, expected 'to' {ENDS}"),
    ("Between 30,000 and most of them", 15, f"'between' opens a range, expected 'and' {ENDS}"),
    ("44,000 ±", 8, f"no spread behind '±', {SPREAD}"),
    ("44,000 give or take some", 20, f"no spread behind 'give or take', {SPREAD}"),
    ("44,000 ± 0", 9, f"no spread behind '±', {SPREAD}"),
    ("44,000 +- -3", 10, f"no spread behind '+-', {SPREAD}"),
    (
        "at least 44,000 ± 3,000",
        9,
        "a bound with a spread, expected one or the other. Cut the hedge or the spread off.",
    ),
    (
        "at least up to 44,000",
        15,
        "hedged as a lower and as an upper bound, expected one of them. "
        "Cut the text to the bound that is meant.",
    ),
    (
        "up to 44,000+",
        6,
        "hedged as a lower and as an upper bound, expected one of them. "
        "Cut the text to the bound that is meant.",
    ),
    ("up to 14,500-23,000", 6, ONE_BOUND),
    ("14,500 to over 23,000", 0, ONE_BOUND),
    ("14,500 to 23,000+", 0, ONE_BOUND),
]


def shown(figure: Figure) -> tuple[object, ...]:
    """The numbers of a figure."""
    return figure.point, figure.low, figure.high, figure.plus_minus, figure.relative


class TestParseFigure:
    def test_texts_are_many(self) -> None:
        """At least 60 texts are read, and at least 25 refused."""
        read = [row[0] for table in (POINTS, RANGES, BOUNDS, SPREADS) for row in table]

        assert len(set(read)) == len(read) >= 60
        assert len({row[0] for row in REFUSED}) == len(REFUSED) >= 25

    @pytest.mark.parametrize(
        ("text", "point", "hedge", "trailing", "smallest", "largest"),
        POINTS,
        ids=[row[0] for row in POINTS],
    )
    def test_point(
        self,
        text: str,
        point: float,
        hedge: str | None,
        trailing: str,
        smallest: float,
        largest: float,
    ) -> None:
        """One number with its hedge, what trails it, and the places its digits allow."""
        figure = parse_figure(text)

        assert (figure.kind, figure.text) == (POINT, text)
        assert shown(figure) == (point, None, None, None, None)
        assert (figure.hedge, figure.trailing) == (hedge, trailing)
        assert (figure.smallest_place, figure.largest_place) == (smallest, largest)

    @pytest.mark.parametrize(
        ("text", "low", "high", "hedge", "trailing", "smallest", "largest"),
        RANGES,
        ids=[row[0] for row in RANGES],
    )
    def test_range(
        self,
        text: str,
        low: float,
        high: float,
        hedge: str | None,
        trailing: str,
        smallest: float,
        largest: float,
    ) -> None:
        """Two ends share the scale that people mean, and the finer places of the two."""
        figure = parse_figure(text)

        assert (figure.kind, figure.text) == (RANGE, text)
        assert shown(figure) == (None, low, high, None, None)
        assert (figure.hedge, figure.trailing) == (hedge, trailing)
        assert (figure.smallest_place, figure.largest_place) == (smallest, largest)

    @pytest.mark.parametrize(
        ("text", "kind", "bound", "hedge", "trailing"), BOUNDS, ids=[row[0] for row in BOUNDS]
    )
    def test_bound(
        self, text: str, kind: FigureKind, bound: float, hedge: str, trailing: str
    ) -> None:
        """A hedge that points one way makes the number a bound and no point."""
        figure = parse_figure(text)
        low, high = (bound, None) if kind is LOWER else (None, bound)

        assert (figure.kind, figure.text) == (kind, text)
        assert shown(figure) == (None, low, high, None, None)
        assert (figure.hedge, figure.trailing) == (hedge, trailing)

    @pytest.mark.parametrize(
        ("text", "point", "plus_minus", "relative", "trailing", "smallest"),
        SPREADS,
        ids=[row[0] for row in SPREADS],
    )
    def test_spread(
        self,
        text: str,
        point: float,
        plus_minus: float | None,
        relative: float | None,
        trailing: str,
        smallest: float,
    ) -> None:
        """A spread behind a point is kept as it is stated, in people or as a share."""
        figure = parse_figure(text)

        assert figure.kind is POINT
        assert shown(figure) == (point, None, None, plus_minus, relative)
        assert (figure.trailing, figure.smallest_place) == (trailing, smallest)

    @pytest.mark.parametrize(
        ("text", "position", "reason"), REFUSED, ids=[row[0] for row in REFUSED]
    )
    def test_refused(self, text: str, position: int, reason: str) -> None:
        """What is not one figure is refused with its place and with what was expected there."""
        with pytest.raises(FigureError) as caught:
            parse_figure(text)

        assert str(caught.value) == f"cannot read {text!r} at position {position}: {reason}"
        assert (caught.value.text, caught.value.position) == (text, position)

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("1.234", (1_234.0, None, None)),
            ("about 1.200.000,5", (1_200_000.5, None, None)),
            ("1,2 million", (1_200_000.0, None, None)),
            ("44 000,25", (44_000.25, None, None)),
            ("44,000", (44.0, None, None)),
            ("14.500-23.000", (None, 14_500.0, 23_000.0)),
        ],
    )
    def test_decimal_comma(self, text: str, numbers: tuple[float | None, ...]) -> None:
        """With a decimal comma points group thousands, and nothing is doubtful."""
        assert shown(parse_figure(text, decimal=","))[:3] == numbers

    def test_decimal_comma_spread(self) -> None:
        """The spread has the decimal mark of the point, and the digits behind it count."""
        figure = parse_figure("1.234,50 +- 1.500,75", decimal=",")

        assert (figure.plus_minus, figure.smallest_place) == (1_500.75, 0.01)

    def test_decimal_point_is_stated(self) -> None:
        """A caller who says that the point is decimal gets 1.234 as it stands."""
        figure = parse_figure("1.234", decimal=".")

        assert (figure.point, figure.smallest_place) == (1.234, 0.001)

    def test_wrong_mark_for_a_decimal_comma(self) -> None:
        """The refusal of a number shows the decimal mark that would fit."""
        with pytest.raises(FigureError) as caught:
            parse_figure("44,000,000.5", decimal=",")

        assert str(caught.value) == (
            "cannot read '44,000,000.5' at position 0: '44,000,000.5' is not written as one "
            "number, expected groups of three as in 44.000 and one decimal mark as in 44,5. "
            'Type decimal="." if that is its decimal mark.'
        )

    @pytest.mark.parametrize("mark", [";", "", True, []])
    def test_unknown_mark(self, mark: Any) -> None:  # noqa: ANN401 - it is wrong on purpose
        """A decimal mark is a point or a comma."""
        with pytest.raises(ParameterError) as caught:
            parse_figure("44", decimal=mark)

        assert str(caught.value) == (
            f'decimal is {mark!r}: expected "." or ",". Type decimal="," for 1.200.000,5.'
        )

    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, "None, a NoneType"),
            (True, "True, a bool"),
            (44_000, "44000, a int"),
            (math.nan, "nan, a float"),
            (b"44,000", "b'44,000', a bytes"),
            (["44,000"] * 9, "['44,000', '44,000', '44,000', '44,000',, a list"),
        ],
    )
    def test_no_text(self, value: Any, written: str) -> None:  # noqa: ANN401 - it is no text
        """What is no text is refused before it is read."""
        with pytest.raises(FigureError) as caught:
            parse_figure(value)

        assert str(caught.value) == (
            f'cannot read {written}: expected a text such as "about 44,000". '
            f"A number needs no reading: type exactly(44_000)."
        )
        assert (caught.value.text, caught.value.position) == ("", 0)

    def test_longest_text(self) -> None:
        """A thousand characters are read, and one more is refused at its place."""
        text = "44,000 " + "x" * 993

        assert parse_figure(text).trailing == "x" * 993
        with pytest.raises(FigureError) as caught:
            parse_figure(text + "y")
        assert str(caught.value) == (
            f"cannot read '...{'x' * 40}y' at position 1000: a text of 1,001 characters, "
            f"expected at most 1,000. {CUT}"
        )

    def test_hedges_are_no_units_in_the_last_digit(self) -> None:
        """ "about 44000" is no 43,998 to 44,002: the text allows four places, the caller picks."""
        figure = parse_figure("about 44000")

        assert (figure.smallest_place, figure.largest_place) == (1.0, 1_000.0)
        assert figure.uncertain(to=1_000).support() == (43_500.0, 44_500.0)
        low, high = figure.uncertain(relative=0.1, confidence=0.9).interval(0.9)
        assert (low, high) == pytest.approx((39_600.0, 48_400.0), rel=1e-12)

    @pytest.mark.parametrize(
        "piece", ["1 ", "1,", "1.", "about ", "just ", "+/", "a-", "a'", "- ", "1-", "(±", "\x00"]
    )
    def test_hostile_texts_take_no_time(self, piece: str) -> None:
        """The longest text of one repeated piece is done within a second."""
        text = (piece * 1_000)[:999] + "!"
        start = time.perf_counter()
        with pytest.raises(FigureError):
            parse_figure(text)

        assert time.perf_counter() - start < 1.0


BLANKS = [",", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "'", "_", ""]


def grouped(number: int, mark: str) -> str:
    """A whole number in groups of three."""
    return f"{number:,}".replace(",", mark)


class TestWrittenAndRead:
    @given(
        number=st.integers(min_value=0, max_value=10**15 - 1),
        mark=st.sampled_from(BLANKS),
        hedge=st.sampled_from(["", "about ", "at least ", "~", "nearly "]),
        trailing=st.sampled_from(["", " men", ", they say", "."]),
    )
    def test_whole_number(self, number: int, mark: str, hedge: str, trailing: str) -> None:
        """A whole number in any grouping comes back, with the zeros it ends on."""
        figure = parse_figure(f"{hedge}{grouped(number, mark)}{trailing}")
        zeros = len(str(number)) - len(str(number).rstrip("0")) if number else 0

        values = {figure.point, figure.low, figure.high} - {None}
        assert values == {float(number)}
        assert figure.hedge == (hedge.strip() or None)
        assert (figure.smallest_place, figure.largest_place) == (1.0, float(10**zeros))

    @given(
        whole=st.integers(min_value=0, max_value=10**7),
        digits=st.text("0123456789", min_size=1, max_size=6),
        scale=st.sampled_from([("", 0), ("k", 3), (" thousand", 3), ("m", 6), (" billion", 9)]),
        mark=st.sampled_from([".", ","]),
    )
    def test_decimal_number(
        self,
        whole: int,
        digits: str,
        scale: tuple[str, int],
        mark: Any,  # noqa: ANN401 - a literal
    ) -> None:
        """Digits behind a mark and a scale come back as the nearest float, exactly."""
        word, power = scale
        figure = parse_figure(f"{whole}{mark}{digits}{word}", decimal=mark)

        assert figure.point == float(f"{whole}.{digits}e{power}")
        assert figure.smallest_place == figure.largest_place == float(f"1e{power - len(digits)}")

    @given(
        low=st.integers(min_value=1_000, max_value=10**9),
        more=st.integers(min_value=1, max_value=10**9),
        join=st.sampled_from(["-", "–", " — ", " to ", "..."]),
        mark=st.sampled_from(BLANKS[:-1]),
    )
    def test_range(self, low: int, more: int, join: str, mark: str) -> None:
        """Two grouped ends come back, whatever joins them; dots do not."""
        text = f"{grouped(low, mark)}{join}{grouped(low + more, mark)}"
        if join == "...":
            with pytest.raises(FigureError):
                parse_figure(text)
        else:
            figure = parse_figure(text)
            assert (figure.low, figure.high) == (float(low), float(low + more))

    @given(st.text(max_size=60) | st.text("0123456789 ,.-±%kmtoabout+", max_size=30))
    @example("c")
    @example("about +")
    @example("1 (")
    @example("1±1 %)")
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        """Any text gives a figure that says what it stands for, or a refusal with a place."""
        try:
            figure = parse_figure(text)
        except FigureError as error:
            assert 0 <= error.position <= len(text) == len(error.text)
        else:
            assert figure.text == text
            assert pickle.loads(pickle.dumps(figure)) == figure
            assert text.endswith(figure.trailing) or figure.trailing in text
