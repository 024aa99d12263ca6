"""For people, from plain numbers and text: words, digits, tables, fans and forests."""

from attrition.words.admiralty import CREDIBILITY, RELIABILITY
from attrition.words.axes import fan
from attrition.words.forest import ForestRow, forest
from attrition.words.interval import interval_text
from attrition.words.language import Word, band_of, chance_text, word
from attrition.words.rounding import RoundedPair, people, percent, rounded_pair, significant
from attrition.words.scales import SCALES, Band, Scale
from attrition.words.table import text_table

__all__ = [
    "CREDIBILITY",
    "RELIABILITY",
    "SCALES",
    "Band",
    "ForestRow",
    "RoundedPair",
    "Scale",
    "Word",
    "band_of",
    "chance_text",
    "fan",
    "forest",
    "interval_text",
    "people",
    "percent",
    "rounded_pair",
    "significant",
    "text_table",
    "word",
]
