"""How a projection was made."""

from typing import final

import attrs
import numpy as np

from attrition._version import __version__
from attrition.accounts import Category
from attrition.uncertain.law import Method

__all__ = ["Provenance", "versions"]


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
