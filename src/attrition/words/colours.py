"""The colours of the pictures: one hue from light to dark, and one that stands out."""

from typing import TypeAlias

__all__ = ["DARK", "FAINT", "HUES", "LIGHT", "MEDIUM", "STANDS_OUT", "Colour"]

Colour: TypeAlias = tuple[float, float, float]
"""Red, green and blue, each in [0, 1]."""

# One hue from light to dark tells parts of a picture apart for every kind of colour
# vision and in grey print; ends of ColorBrewer's "Blues" (C. Brewer, 2003).
LIGHT: Colour = (0.776, 0.859, 0.937)
MEDIUM: Colour = (0.420, 0.682, 0.839)
DARK: Colour = (0.031, 0.188, 0.420)
STANDS_OUT: Colour = (0.702, 0.345, 0.024)
FAINT: Colour = (0.85, 0.85, 0.85)

# Six that differ for every kind of colour vision (M. Okabe and K. Ito, "Color Universal Design",
# 2008); their yellow is too faint for a line on white, and black is for text.
HUES: tuple[Colour, ...] = (
    (0.000, 0.447, 0.698),
    (0.835, 0.369, 0.000),
    (0.000, 0.620, 0.451),
    (0.800, 0.475, 0.655),
    (0.902, 0.624, 0.000),
    (0.337, 0.706, 0.914),
)
