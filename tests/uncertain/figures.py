"""Texts with what they say, and texts that are refused with the reason."""

from typing import TypeAlias

from attrition import FigureKind

__all__ = [
    "BOUNDS",
    "CUT",
    "POINTS",
    "RANGES",
    "REFUSED",
    "SPREADS",
    "Bound",
    "Point",
    "Range",
    "Spread",
]

Point: TypeAlias = tuple[str, float, str | None, str, float, float]
Range: TypeAlias = tuple[str, float, float, str | None, str, float, float]
Bound: TypeAlias = tuple[str, FigureKind, float, str, str]
Spread: TypeAlias = tuple[str, float, float | None, float | None, str, float]

LOWER, UPPER = FigureKind.LOWER_BOUND, FigureKind.UPPER_BOUND

# The text, its point, its hedge, what trails it, and the places it may be rounded to.
POINTS: list[Point] = [
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
    (
        "44,000 \N{EN DASH} although disputed",
        44_000,
        None,
        "\N{EN DASH} although disputed",
        1,
        1_000,
    ),
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
RANGES: list[Range] = [
    (
        "14,500 to 23,000, although estimates vary",
        *(14_500, 23_000, None, "although estimates vary", 1, 100),
    ),
    ("14,500-23,000", 14_500, 23_000, None, "", 1, 100),
    ("14500-23000", 14_500, 23_000, None, "", 1, 100),
    ("14,500\N{EN DASH}23,000", 14_500, 23_000, None, "", 1, 100),
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
    ("1979k-1989k", 1_979_000, 1_989_000, None, "", 1_000, 1_000),
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
BOUNDS: list[Bound] = [
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
SPREADS: list[Spread] = [
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
    ("1.2m ± 30k", 1_200_000, 30_000, None, "", 100_000),
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
        (
            "it reads as 1.234 or, with groups behind points, as 1,234. "
            'Say which mark is decimal: decimal="." or decimal=",".'
        ),
    ),
    (
        "44,000 ± 1.500",
        9,
        (
            "it reads as 1.500 or, with groups behind points, as 1,500. "
            'Say which mark is decimal: decimal="." or decimal=",".'
        ),
    ),
    (
        "44 to 144.500",
        6,
        (
            "it reads as 144.500 or, with groups behind points, as 144,500. "
            'Say which mark is decimal: decimal="." or decimal=",".'
        ),
    ),
    (
        "1234567890123456",
        0,
        (
            "a number of 16 digits, expected at most 15. "
            "Write it with a scale, for example 1.2 million."
        ),
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
    ("22-23,000", 0, f"it reads as 22 to 23,000 or as 22,000 to 23,000. {IN_FULL}"),
    (
        "1-2,000,000,000",
        0,
        f"it reads as 1 to 2,000,000,000 or as 1,000,000,000 to 2,000,000,000. {IN_FULL}",
    ),
    (
        "1-2,000,000,000,000",
        0,
        (
            "it reads as 1 to 2,000,000,000,000 or as 1,000,000,000,000 to 2,000,000,000,000. "
            f"{IN_FULL}"
        ),
    ),
    ("1.5-2,000", 0, f"it reads as 1.5 to 2,000 or as 1,500 to 2,000. {IN_FULL}"),
    ("about 300 to 1.2m", 6, f"it reads as 300 to 1,200,000 or as 300,000 to 1,200,000. {IN_FULL}"),
    (
        "14,500 to 23,000 thousand",
        0,
        f"it reads as 14,500 to 23,000,000 or as 14,500,000 to 23,000,000. {IN_FULL}",
    ),
    (
        "2 million to 3 thousand",
        0,
        (
            "a range from 2,000,000 to 3,000, expected the smaller number first. "
            "Write 3,000 to 2,000,000 if that is meant."
        ),
    ),
    (
        "40k-40,000",
        0,
        (
            "a range from 40,000 to 40,000, expected the smaller number first. "
            "Write 40,000 if that is meant."
        ),
    ),
    ("44 ± 44 thousand", 0, f"it reads as 44 +- 44,000 or as 44,000 +- 44,000. {SPREAD_IN_FULL}"),
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
        (
            "a range from 23,000 to 14,500, expected the smaller number first. "
            "Write 14,500 to 23,000 if that is meant."
        ),
    ),
    (
        "about 44.5 to 44.5",
        6,
        (
            "a range from 44.5 to 44.5, expected the smaller number first. "
            "Write 44.5 if that is meant."
        ),
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
        (
            "hedged as a lower and as an upper bound, expected one of them. "
            "Cut the text to the bound that is meant."
        ),
    ),
    (
        "up to 44,000+",
        6,
        (
            "hedged as a lower and as an upper bound, expected one of them. "
            "Cut the text to the bound that is meant."
        ),
    ),
    ("up to 14,500-23,000", 6, ONE_BOUND),
    ("14,500 to over 23,000", 0, ONE_BOUND),
    ("14,500 to 23,000+", 0, ONE_BOUND),
]
