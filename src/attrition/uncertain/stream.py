"""Which random numbers an unknown gets: decided by what it is, never by its identity."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NoReturn

import numpy as np

from attrition._typing import Seed
from attrition.errors import DependenceError, ParameterError
from attrition.uncertain.node import Noise, Unknown, is_act

__all__ = ["BLOCK", "DEFAULT_SEED", "check_ties", "generator", "seed_from", "seed_given", "streams"]

BLOCK = 16_384
"""Draws in a block; part of the meaning of a seed, as every block has its own generator."""

DEFAULT_SEED = 20_260_201
"""The seed behind every answer whose caller gave no ``rng``: on purpose always the same."""


def streams(unknowns: Iterable[Unknown]) -> Mapping[str, str]:
    """
    The stream of every unknown by uid.

    A name is a stream of its own. Without one, family and parameters are, with an ordinal
    among equals in order of first appearance.

    Raises:
        DependenceError: If two different unknowns carry one name, or one is listed beside what
            took its place.
    """
    listed = list(unknowns)
    check_ties(listed)
    found: dict[str, str] = {}
    equals: Counter[str] = Counter()
    for unknown in listed:
        if unknown.name is None:
            found[unknown.uid] = f"{unknown.key}#{equals[unknown.key]}"
            equals[unknown.key] += 1
        else:
            found[unknown.uid] = f"name:{unknown.name}"
    return found


def check_ties(unknowns: Iterable[Unknown]) -> None:
    """Refuse an unknown beside what took its place, or that twice, and two under one name."""
    listed = list(unknowns)
    present = {unknown.uid: unknown for unknown in listed}
    tied = [unknown for unknown in listed if not isinstance(unknown, Noise) and unknown.replaces]
    for new in tied:
        gone = new.replaces & present.keys()
        if gone:
            _refuse_both(min((present[uid] for uid in gone), key=lambda old: str(old.name)))
    _check_acts({new.replaces for new in tied})
    named: dict[str, str] = {}
    for unknown in listed:
        if unknown.name is not None and named.setdefault(unknown.name, unknown.uid) != unknown.uid:
            _refuse_name(unknown.name)


def _check_acts(found: Iterable[frozenset[str]]) -> None:
    """Refuse one unknown under two acts that know nothing of each other."""
    for mine, theirs in itertools.combinations(found, 2):
        acts, other_acts = (frozenset(filter(is_act, gone)) for gone in (mine, theirs))
        twice = (mine & theirs) - acts
        if twice and not (acts <= other_acts or other_acts <= acts):
            message = (
                "two numbers took the place of one unknown in two calls that know nothing of each "
                "other, and one question holds both. State all correlations of a group in one "
                "call of correlate, and all claims in one of reconcile."
            )
            raise DependenceError(message)


def _refuse_both(old: Unknown) -> NoReturn:
    label = old.key if old.name is None else repr(old.name)
    message = (
        f"{label} enters as it was before it was tied to others, and as it was after: one "
        f"question holds the old unknown and the new one. Build every record and expression "
        f"from what correlate or reconcile returned."
    )
    raise DependenceError(message)


def _refuse_name(name: str) -> NoReturn:
    message = (
        f"two different unknowns are both named {name!r}: one name means one unknown. Use the "
        f"same object twice for one unknown, or give the other another name."
    )
    raise DependenceError(message)


def generator(seed: int, stream: str, block: int) -> np.random.Generator:
    """The generator of one stream in one block."""
    digest = hashlib.blake2b(stream.encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    sequence = np.random.SeedSequence([seed, *words], spawn_key=(block,))
    return np.random.Generator(np.random.SFC64(sequence))


def seed_from(rng: Seed | None) -> int:
    """
    A seed from whatever numpy makes a generator of; None is the fixed seed.

    Raises:
        ParameterError: If numpy makes no generator of it.

    Examples:
        >>> seed_from(None) == DEFAULT_SEED, seed_from(7) == seed_from(7)
        (True, True)
    """
    if rng is None:
        return DEFAULT_SEED
    if isinstance(rng, bool):
        _refuse_seed(rng)
    try:
        return int(np.random.default_rng(rng).integers(2**63))
    except (TypeError, ValueError):
        _refuse_seed(rng)


def seed_given(rng: Seed) -> int:
    """
    A seed where draws are handed out: never the fixed one.

    Raises:
        ParameterError: If it is None, or numpy makes no generator of it.

    Examples:
        >>> seed_given(7) == seed_from(7)
        True
    """
    if rng is None:
        _refuse_seed(rng)
    return seed_from(rng)


def _refuse_seed(rng: object) -> NoReturn:
    message = (
        f"rng is {rng!r}: expected what numpy.random.default_rng takes, such as a whole number "
        f"from 0 on or a Generator. Type for example rng=20260101."
    )
    raise ParameterError(message)
