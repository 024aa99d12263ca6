"""Three moments of sums of strengths, given the unknowns that are integrated by rules."""

import functools
import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attrition._typing import FloatArray
from attrition.projection.axes import Rule
from attrition.projection.components import Components, lacking, merged
from attrition.projection.noisy import Noisy, moments_of, some_of
from attrition.projection.profiles import at_values, profiles, values_at
from attrition.projection.splitting import MERGED_NODES, MISSED, Split, missed_by
from attrition.uncertain.empirical import frozen_array

__all__ = ["Given", "components_of", "given_all"]

# How far combinations of profiles may miss the noise, as a share of it, and how many there are.
_CLOSE, _MOST_PROFILES = 1e-6, 10

# Factors that are raised at settings which may be enough, two for each.
_MOST_TRIED = 256

# What the nodes that are left out may weigh together.
_CORNERS = 1e-5

_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)

# With so few nodes a line is no shorter than they are.
_ENDS = 2


class Given(NamedTuple):
    """
    The sums at every node of a product of rules.

    Attributes:
        components: The three moments at each node.

        plain: The part of the variance that is not of the noise, shape (sums, nodes).

        noise: What the noise does, None without one.

        places: Values of all axes at the nodes, shape (axes, nodes).
    """

    components: Components
    plain: FloatArray
    noise: Noisy | None
    places: FloatArray


class _Nodes(NamedTuple):
    """
    The nodes of a product of rules, and the settings from which the sums there follow.

    Attributes:
        weights: Of the nodes; those of the merged axes vary fastest.

        places: Values of all axes at the nodes, shape (axes, nodes).

        settings: Values of all axes at the settings, shape (axes, settings).

        follow: By how much the sums at each node rise with those at each setting, shape
            (settings, nodes): they are linear in the value of an axis between its ends.
    """

    weights: FloatArray
    places: FloatArray
    settings: FloatArray
    follow: FloatArray


def components_of(parts: Split) -> Components | None:
    """
    The moments at the nodes of the outer axes.

    Args:
        parts: How the axes are integrated.

    Returns:
        The moments; None where the noise takes too many profiles, or where the merged axes do
        more than three moments tell.
    """
    given = given_all(parts)
    if given is None or not parts.merged:
        return None if given is None else given.components
    size = MERGED_NODES ** len(parts.merged)
    found = merged(given.components, size)
    few = some_of(len(found.mean))
    fourth = lacking(given.components.of(few), size) @ found.weights
    return found if missed_by(fourth, found.of(few).moments[1]) <= MISSED else None


def given_all(parts: Split, *, more: int = 0) -> Given | None:
    """
    The sums at all nodes of the outer and the merged axes.

    Args:
        parts: How the axes are integrated.

        more: Nodes beyond those of ``parts`` in each rule.

    Returns:
        The sums; None where the noise takes too many profiles.
    """
    nodes = _nodes(parts, more)
    seen = _looked_at(parts, nodes.settings)
    shift, folded, third = parts.small[..., None]
    mean = seen.sums @ nodes.follow + shift
    plain = folded + sum(((step @ nodes.follow) ** 2 for step in seen.steps), np.zeros_like(mean))
    var, third, noise = plain, third + np.zeros_like(mean), None
    if parts.look.response.noises:
        noise = _noisy(parts, nodes, seen)
        if noise is None:
            return None
        of_noise, skewed = moments_of(noise)
        var, third = var + of_noise, third + skewed
    return Given(Components(mean, var, third, nodes.weights), plain, noise, nodes.places)


def _nodes(parts: Split, more: int) -> _Nodes:
    axes, rows = parts.look.axes, [*parts.outer, *parts.merged]
    outer = [axes[p].rule(nodes + more) for p, nodes in zip(parts.outer, parts.nodes, strict=True)]
    rules = outer + [axes[p].rule_in_value(MERGED_NODES) for p in parts.merged]
    ends = [_ends(v, linear=line) for (v, _), line in zip(rules, parts.linear, strict=True)]
    kept = _kept(_weights(outer))
    weights = _weights(rules)
    several = weights.size // kept.size
    nodes = np.flatnonzero(np.repeat(kept, several))
    follow = functools.reduce(_kron, (share for _, share in ends), np.ones((1, 1)))
    return _Nodes(
        weights[nodes] / weights[nodes].sum(),
        _product(parts.look.middle, rows, [values for values, _ in rules])[:, nodes],
        _product(parts.look.middle, rows, [values for values, _ in ends]),
        follow[:, nodes],
    )


def _weights(rules: Sequence[Rule]) -> FloatArray:
    """Of the product of rules, the nodes of the last varying fastest."""
    return functools.reduce(_kron, (row[None] for _, row in rules), np.ones((1, 1))).ravel()


def _kron(one: FloatArray, other: FloatArray) -> FloatArray:
    """The product of Kronecker of two matrices, faster than numpy's."""
    both = one[:, None, :, None] * other[None, :, None, :]
    return both.reshape(len(one) * len(other), -1)


def _product(middle: FloatArray, rows: Sequence[int], values: Sequence[FloatArray]) -> FloatArray:
    """All combinations of values of some axes, the others in the middle."""
    places = np.empty((len(middle), *(each.size for each in values)))
    places.T[:] = middle
    for axis, (row, each) in enumerate(zip(rows, values, strict=True), 1):
        places[row] = each.reshape(-1, *(1 for _ in values[axis:]))
    return places.reshape(len(middle), math.prod(places.shape[1:]))


def _ends(values: FloatArray, *, linear: bool) -> tuple[FloatArray, FloatArray]:
    """The values of an axis that settle what the sums are at all its nodes, and how."""
    if not linear or values.size <= _ENDS:
        return values, np.eye(values.size)
    low, high = values.argmin(), values.argmax()
    gone = (values - values[low]) / (values[high] - values[low])
    return values[[low, high]], np.stack([1.0 - gone, gone])


def _kept(weights: FloatArray) -> npt.NDArray[np.bool_]:
    """All nodes but the corners of the product, which weigh next to nothing together."""
    order = np.argsort(weights)
    kept = np.empty(weights.size, dtype=np.bool_)
    kept[order] = np.cumsum(weights[order]) > _CORNERS
    return kept


class _Seen(NamedTuple):
    """
    What comes out at the settings.

    Attributes:
        sums: Shape (sums, settings).

        steps: What each inner axis adds, each likewise.

        effects: What trial noises do, one below the other, shape (trials x dates, settings).

        some: Settings at which each factor was raised by its mean.

        profiles: What that did to the strengths there, shape (some, dates, cells).
    """

    sums: FloatArray
    steps: list[FloatArray]
    effects: FloatArray
    some: list[int]
    profiles: FloatArray


def _looked_at(parts: Split, settings: FloatArray) -> _Seen:
    look, inner, many = parts.look, parts.inner, settings.shape[1]
    trials = _trials(tuple(made.cells for made in look.response.noises.values()))
    cells, blocks = len(trials), 1 + len(inner) + trials.shape[1]
    # At both ends of all axes profiles are as different as they are anywhere.
    some = sorted({0, many - 1}) if 2 * cells <= _MOST_TRIED else []
    columns = np.hstack([np.tile(settings, blocks), np.repeat(settings[:, some], cells, axis=1)])
    for block, place in enumerate(inner, 1):
        columns[place, block * many : (block + 1) * many] = look.up[place]
    factors = np.ones((cells, columns.shape[1]))
    first, last = (1 + len(inner)) * many, blocks * many
    factors[:, first:last] = np.repeat(trials, many, axis=1)
    factors[:, last:] += np.tile(np.eye(cells), len(some))
    rows = at_values(look.response, look.axes, columns, factors * look.means[:, None])
    sums, strength = look.response.sums(rows), rows.strength
    plain = strength[:, :many]
    raised = strength[:, last:].reshape(len(strength), len(some), cells)
    return _Seen(
        sums=sums[:, :many],
        steps=[sums[:, at : at + many] - sums[:, :many] for at in range(many, first, many)],
        effects=np.vstack(
            [plain[:0], *(strength[:, at : at + many] - plain for at in range(first, last, many))]
        ),
        some=some,
        profiles=(raised - plain[:, some, None]).transpose(1, 0, 2),
    )


@functools.lru_cache(maxsize=64)
def _trials(cells: tuple[int, ...]) -> FloatArray:
    """Factors of all noises, shape (cells, trials): without each one, and uneven in each."""
    found, starts = np.ones((sum(cells), 2 * len(cells))), itertools.accumulate(cells, initial=0)
    for place, (start, size) in enumerate(zip(starts, cells, strict=False)):
        found[start : start + size, 2 * place] = 0.0
        # They differ from cell to cell in no simple way.
        found[start : start + size, 2 * place + 1] = _GOLDEN * np.arange(1, size + 1) % 1.0
    return frozen_array(found)


def _noisy(parts: Split, nodes: _Nodes, seen: _Seen) -> Noisy | None:
    """
    The noise at every node, as combinations of what it does at a few settings.

    The shares are found from what a few choices of the factors do.
    """
    some, found = seen.some, seen.profiles
    shares = _combined(seen.effects, some) if some else None
    if shares is None:
        few = _pivots(seen.effects)
        if few is None:
            return None
        values = values_at(parts.look.axes, nodes.settings[:, few])
        found = profiles(parts.look.response, values, len(few)) * parts.look.means
        shares = _shares(seen.effects, few)
    rows = parts.look.response.weights @ found
    return Noisy(rows, shares @ nodes.follow, parts.look.cov)


def _shares(effects: FloatArray, few: Sequence[int] | npt.NDArray[np.intp]) -> FloatArray:
    """As which combinations of a few settings all effects come about, as well as they can."""
    return np.asarray(np.linalg.lstsq(effects[:, few], effects, rcond=None)[0])


def _combined(effects: FloatArray, few: Sequence[int]) -> FloatArray | None:
    """The same, None if they do not."""
    shares = _shares(effects, few)
    left = np.abs(effects - effects[:, few] @ shares).max()
    return shares if left <= _CLOSE * np.abs(effects).max() else None


def _pivots(effects: FloatArray) -> npt.NDArray[np.intp] | None:
    """The settings whose effects all others are combinations of, None if they are too many."""
    largest = np.abs(effects).max()
    if largest == 0.0:
        return np.array([0])
    left = effects / largest
    found: list[int] = []
    while len(found) <= _MOST_PROFILES:
        size = np.sqrt((left**2).sum(axis=0))
        if found and size.max() <= _CLOSE * math.sqrt(len(left)):
            return np.array(found)
        found.append(int(size.argmax()))
        one = left[:, found[-1]] / size.max()
        left = left - np.outer(one, one @ left)
    return None
