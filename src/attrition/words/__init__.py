"""For people, from plain numbers and text: words, digits, tables and pictures."""

from attrition.words.admiralty import CREDIBILITY, RELIABILITY
from attrition.words.axes import fan, fans
from attrition.words.curve import passage_curve
from attrition.words.days import caption_below, new_axes
from attrition.words.forest import ForestRow, forest
from attrition.words.interval import interval_text
from attrition.words.language import Word, band_of, chance_text, word
from attrition.words.rounding import RoundedPair, people, percent, rounded_pair, significant
from attrition.words.scales import SCALES, Band, Scale
from attrition.words.table import text_table
from attrition.words.tornado import tornado

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
    "caption_below",
    "chance_text",
    "fan",
    "fans",
    "forest",
    "interval_text",
    "new_axes",
    "passage_curve",
    "people",
    "percent",
    "rounded_pair",
    "significant",
    "text_table",
    "tornado",
    "word",
]
