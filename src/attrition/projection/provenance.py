"""How a projection was made."""

from typing import final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition._version import __version__
from attrition.accounts import Category
from attrition.uncertain.law import Method
from attrition.words import people

__all__ = ["Provenance", "found_text", "largest_error", "versions"]

_HOW: dict[Method, str] = {
    "exact": "in closed form",
    "quadrature": "by quadrature",
    "lattice": "on a lattice",
    "draws": "by draws",
}


@final
@attrs.frozen(kw_only=True)
class Provenance:
    """
    How a projection was made.

    Attributes:
        method: How strength at the dates was found: "exact", "quadrature", "lattice" or "draws".

        draws: How many paths were simulated, 0 for none.

        seed: Of all random streams.

        versions: Of the library and of what it computes with.

        omitted_exits: Ways to leave the force that no input counts; the truth is lower by them.

    Examples:
        >>> Provenance(
        ...     method="draws", draws=65_536, seed=1, versions={}, omitted_exits=Category.MIA
        ... ).omitted_exits.label
        'MIA'
    """

    method: Method
    draws: int
    seed: int
    versions: dict[str, str]
    omitted_exits: Category


def versions() -> dict[str, str]:
    """The versions of the library and of what it computes with."""
    import scipy

    return {"attrition": __version__, "numpy": np.__version__, "scipy": scipy.__version__}


def largest_error(errors: FloatArray) -> str:
    """
    The largest of standard errors for print, in people: at least one unless there is none.

    Args:
        errors: Of any shape.

    Examples:
        >>> largest_error(np.array([0.02, 0.0])), largest_error(np.zeros(3))
        ('1', '0')
    """
    largest = float(errors.max())
    return people(max(largest, 1.0) if largest > 0.0 else 0.0)


def found_text(*methods: Method, error: str, draws: int = 0) -> str:
    """
    How answers were found and how far their digits go, for print.

    Args:
        *methods: How; each is named once.

        error: The numerical standard error as text; what is exact has none.

        draws: How many draws it took, 0 where there were none or nobody counted.

    Examples:
        >>> found_text("draws", error="139", draws=65_536)
        'found by 65,536 draws, standard error up to 139'
        >>> found_text("exact", error="0")
        'found in closed form'
        >>> found_text("exact", "lattice", "exact", error="20")
        'found in closed form and on a lattice, standard error up to 20'
    """
    ways = {method: _HOW[method] for method in methods}
    if draws and "draws" in ways:
        ways["draws"] = f"by {draws:,} draws"
    known = "" if set(ways) == {"exact"} else f", standard error up to {error}"
    return f"found {' and '.join(ways.values())}{known}"
