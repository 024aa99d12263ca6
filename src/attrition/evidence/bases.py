"""From ratios on the basis of the US forces to surviving wounded per killed."""

from typing import NamedTuple

from attrition.accounts.quantities import as_share, check_ratio
from attrition.errors import MixError
from attrition.uncertain import Uncertain, UncertainLike
from attrition.uncertain.number import node_of
from attrition.uncertain.support import MASS_IGNORED, mass_below_zero

__all__ = ["Survivors", "survivors"]


class Survivors(NamedTuple):
    """
    What a mix takes.

    Attributes:
        wounded_per_killed: Surviving wounded for each of those killed, died of wounds among them.

        died_of_wounds_per_killed: The share of the killed who died of wounds.
    """

    wounded_per_killed: Uncertain
    died_of_wounds_per_killed: Uncertain


def survivors(
    wia_per_kia: UncertainLike | None,
    wia_per_killed: UncertainLike | None,
    dow_per_wia: UncertainLike,
) -> Survivors:
    """
    Ratios with survivors among the wounded only, from ratios of either basis.

    Examples:
        >>> round(survivors(9.17, None, 0.035).wounded_per_killed.median(), 2)
        6.7
        >>> round(survivors(None, 9.17, 0.035).wounded_per_killed.median(), 2)
        8.85
    """
    if wia_per_kia is not None and wia_per_killed is None:
        return _from_wia_per_kia(*_checked(wia_per_kia, "wia_per_kia", dow_per_wia))
    if wia_per_killed is not None and wia_per_kia is None:
        return _from_wia_per_killed(*_checked(wia_per_killed, "wia_per_killed", dow_per_wia))
    raise MixError(
        f"wia_per_kia is {wia_per_kia} and wia_per_killed is {wia_per_killed}: expected one of "
        f"the two. Type wia_per_killed=9.17 where those who died of wounds are among the killed "
        f"as well, wia_per_kia=9.17 where they are among the wounded only."
    )


def _from_wia_per_kia(ratio: Uncertain, died: Uncertain) -> Survivors:
    """For one killed in action 1 + d w' were killed, and w' (1 - d) survived their wounds."""
    killed = 1 + died * ratio
    return Survivors(ratio * (1 - died) / killed, died * ratio / killed)


def _from_wia_per_killed(ratio: Uncertain, died: Uncertain) -> Survivors:
    """For one killed r (1 - d) survived their wounds, and d r died of them."""
    of_killed = died * ratio
    _refuse_more_than_killed(of_killed, ratio, died)
    return Survivors(ratio * (1 - died), of_killed)


def _checked(
    wounded: UncertainLike, what: str, dow_per_wia: UncertainLike
) -> tuple[Uncertain, Uncertain]:
    ratio = Uncertain.of(wounded)
    check_ratio(ratio, what, error=MixError)
    return ratio, as_share(dow_per_wia, "dow_per_wia", error=MixError)


def _refuse_more_than_killed(of_killed: Uncertain, ratio: Uncertain, died: Uncertain) -> None:
    mass = mass_below_zero(node_of(1.0 - of_killed))
    if mass > MASS_IGNORED:
        raise MixError(
            f"wia_per_killed is {ratio} and dow_per_wia is {died}: more people would have died of "
            f"wounds than were killed, with probability {mass:.2g}. Type smaller ones, or "
            f"wia_per_kia=... where those who died of wounds are among the wounded only."
        )
