"""From shares of a whole to the ratios of a mix."""

import itertools
from collections.abc import Mapping

from attrition._typing import Number
from attrition.accounts.category import Category, checked_category
from attrition.accounts.quantities import as_share
from attrition.errors import MixError
from attrition.evidence.parts import RATIOS, listed
from attrition.uncertain import Uncertain, UncertainLike, total_of
from attrition.uncertain.checks import positive
from attrition.uncertain.number import node_of
from attrition.uncertain.support import MASS_IGNORED, mass_below_zero

__all__ = ["ratios_of"]

HALVES = {
    Category.KILLED: (Category.DOW, Category.KIA),
    Category.WOUNDED: (Category.WIA_RTD, Category.WIA_LOST),
}
"""The halves of a whole; a ratio of the mix is the share of the first one."""

WITHIN = {
    Category.KILLED: "died_of_wounds_per_killed",
    Category.WOUNDED: "returned_per_wounded",
}
"""The ratio that divides a whole."""

PER_KILLED = {
    Category.WOUNDED: "wounded_per_killed",
    **{outcomes: name for name, outcomes in RATIOS.items() if outcomes not in WITHIN},
}
"""The ratio of a whole to the killed."""

WHOLES = (Category.KILLED, *PER_KILLED)

PARTS = (
    "expected KILLED, or KIA and DOW; WOUNDED, or WIA_RTD and WIA_LOST; and MIA, POW and DNB_DIED "
    "where they are among those counted"
)


def ratios_of(
    shares: Mapping[Category, UncertainLike] | None,
    rest: Category | None,
    dirichlet: Mapping[Category, Number] | None,
) -> dict[str, Uncertain]:
    """
    The ratios of a mix from all shares but one, or from a Dirichlet.

    Examples:
        >>> found = ratios_of({Category.KILLED: 0.25}, Category.WOUNDED, None)
        >>> {name: ratio.value for name, ratio in found.items()}
        {'wounded_per_killed': 3.0}
        >>> found = ratios_of(None, None, {Category.KILLED: 27, Category.WOUNDED: 73})
        >>> round(found["wounded_per_killed"].mean(), 4)  # 73 / (27 - 1)
        2.8077
    """
    if dirichlet is not None and shares is None and rest is None:
        return _of_dirichlet(dirichlet)
    if shares is not None and rest is not None and dirichlet is None:
        return _of_shares(shares, rest)
    raise MixError(
        f"shares is {shares}, rest is {rest} and dirichlet is {dirichlet}: expected shares with "
        f"the part that makes up the rest, or a Dirichlet. Type for example "
        f"CasualtyMix.from_shares({{Category.KILLED: 0.27}}, rest=Category.WOUNDED)."
    )


def _of_shares(shares: Mapping[Category, UncertainLike], rest: Category) -> dict[str, Uncertain]:
    parts = [checked_category(part, "a part") for part in (*shares, rest)]
    _check_parts(parts)
    people = {
        part: as_share(share, f"the share of {part}", error=MixError)
        for part, share in shares.items()
    }
    left = 1 - total_of(0, *people.values())
    _refuse_more_than_all(left, people, rest)
    people[rest] = left
    found = {
        WITHIN[whole]: people[first] / (people[first] + people[second])
        for whole, (first, second) in HALVES.items()
        if first in people
    }
    wholes = {
        whole: total_of(*(people[part] for part in people if whole.covers(part)))
        for whole in _wholes(parts)
    }
    return found | _per_killed(wholes)


def _of_dirichlet(alpha: Mapping[Category, Number]) -> dict[str, Uncertain]:
    # Sums of the shares are Dirichlet again, and how a whole divides does not depend on how
    # large it is. So each half is a beta, and wholes relate as independent gammas do.
    # James, I. R. and Mosimann, J. E. (1980). A new characterization of the Dirichlet
    # distribution through neutrality. doi:10.1214/aos/1176344900
    from scipy import stats

    parts = [checked_category(part, "a part") for part in alpha]
    _check_parts(parts)
    weights = {part: positive(alpha[part], f"the parameter of {part}") for part in parts}
    found = {
        WITHIN[whole]: Uncertain.of(stats.beta(weights[first], weights[second]))
        for whole, (first, second) in HALVES.items()
        if first in weights
    }
    wholes = {
        whole: sum(weights[part] for part in parts if whole.covers(part))
        for whole in _wholes(parts)
    }
    gammas = {whole: Uncertain.of(stats.gamma(weight)) for whole, weight in wholes.items()}
    return found | _per_killed(gammas)


def _wholes(parts: list[Category]) -> list[Category]:
    return [whole for whole in WHOLES if any(whole.covers(part) for part in parts)]


def _per_killed(people: Mapping[Category, Uncertain]) -> dict[str, Uncertain]:
    killed = people[Category.KILLED]
    if killed.value == 0.0:
        raise MixError(
            "the share of KILLED is 0: expected some, for a mix is made of ratios to them. "
            "State the others as LossEstimate.central(...) of their own."
        )
    return {name: people[part] / killed for part, name in PER_KILLED.items() if part in people}


def _check_parts(parts: list[Category]) -> None:
    """Refuse parts that share people, that no ratio of a mix reaches, or that are not all."""
    for first, second in itertools.combinations(parts, 2):
        if not first.may_add(second):
            raise MixError(
                f"the parts {first} and {second} both hold {first & second}: expected parts that "
                f"share nobody. State each of them once."
            )
    known = {*WHOLES, *itertools.chain.from_iterable(HALVES.values())}
    strange = [part.label for part in parts if part not in known]
    if strange:
        raise MixError(f"{listed(strange)} is no part of a mix: {PARTS}.")
    for whole, halves in HALVES.items():
        if whole not in parts and not set(halves) <= set(parts):
            raise MixError(
                f"the parts {listed([part.label for part in parts])} do not hold all {whole}: "
                f"{PARTS}."
            )


def _refuse_more_than_all(
    left: Uncertain, people: Mapping[Category, Uncertain], rest: Category
) -> None:
    mass = mass_below_zero(node_of(left))
    if mass > MASS_IGNORED:
        raise MixError(
            f"the shares of {listed([part.label for part in people])} sum to more than 1 with "
            f"probability {mass:.2g}: expected what leaves {rest} a share from 0 on. "
            f"Type smaller shares, or a Dirichlet, whose shares always sum to 1: "
            f"CasualtyMix.from_shares(dirichlet={{Category.KILLED: 27, Category.WOUNDED: 73}})."
        )
