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
from attrition.projection.profiles import at_values, profiles, values_at
from attrition.projection.splitting import MERGED_NODES, MISSED, Split, missed_by
from attrition.uncertain.empirical import frozen_array

__all__ = ["Given", "Noisy", "components_of", "given_all"]

# How far combinations of profiles may miss the noise, as a share of it, and how many there are.
_CLOSE, _MOST_PROFILES = 1e-6, 10

# What the nodes that are left out may weigh together.
_CORNERS = 1e-5

# Sums at which it is looked at whether three moments are enough, and for which the last term of
# the third moment is computed; between them it is interpolated.
_FEW = 6

_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)

# With so few nodes a line is no shorter than they are.
_ENDS = 2


class Noisy(NamedTuple):
    """
    What the factors of noise do to the sums, as combinations of a few profiles.

    Attributes:
        profiles: By how much the sums rise with each factor, shape (profiles, sums, cells).

        shares: Of each profile at each node, shape (profiles, nodes).

        cov: The covariance of the factors, shape (cells, cells).
    """

    profiles: FloatArray
    shares: FloatArray
    cov: FloatArray


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
    few = _some(len(found.mean))
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
    first, moved, effects = _looked_at(parts, nodes.settings)
    shift, folded, third = parts.small[..., None]
    mean = first @ nodes.follow + shift
    plain = folded + sum(((step @ nodes.follow) ** 2 for step in moved), np.zeros_like(mean))
    var, third, noise = plain, third + np.zeros_like(mean), None
    if parts.look.response.noises:
        noise = _noisy(parts, nodes, effects)
        if noise is None:
            return None
        of_noise, skewed = _moments(noise)
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


def _looked_at(
    parts: Split, settings: FloatArray
) -> tuple[FloatArray, list[FloatArray], FloatArray]:
    """The sums at the settings, what each inner axis does there, and what trial noises do."""
    look, inner, many = parts.look, parts.inner, settings.shape[1]
    trials = _trials(tuple(made.cells for made in look.response.noises.values()))
    columns = np.tile(settings, 1 + len(inner) + trials.shape[1])
    for block, place in enumerate(inner, 1):
        columns[place, block * many : (block + 1) * many] = look.up[place]
    factors = np.ones((len(trials), columns.shape[1]))
    factors[:, (1 + len(inner)) * many :] = np.repeat(trials, many, axis=1)
    rows = at_values(look.response, look.axes, columns, factors * look.means[:, None])
    sums = look.response.sums(rows)
    first, *stepped = (sums[:, at : at + many] for at in range(0, sums.shape[1], many))
    plain, *tried = (rows.strength[:, at : at + many] for at in range(0, sums.shape[1], many))
    effects = [effect - plain for effect in tried[len(inner) :]]
    steps = [step - first for step in stepped[: len(inner)]]
    return first, steps, np.vstack([np.zeros((0, many)), *effects])


@functools.lru_cache(maxsize=64)
def _trials(cells: tuple[int, ...]) -> FloatArray:
    """Factors of all noises, shape (cells, trials): without each one, and uneven in each."""
    found, starts = np.ones((sum(cells), 2 * len(cells))), itertools.accumulate(cells, initial=0)
    for place, (start, size) in enumerate(zip(starts, cells, strict=False)):
        found[start : start + size, 2 * place] = 0.0
        # They differ from cell to cell in no simple way.
        found[start : start + size, 2 * place + 1] = _GOLDEN * np.arange(1, size + 1) % 1.0
    return frozen_array(found)


def _noisy(parts: Split, nodes: _Nodes, effects: FloatArray) -> Noisy | None:
    """
    The noise at every node, as combinations of what it does at a few settings.

    The shares are found from what a few choices of the factors do.
    """
    few = _pivots(effects)
    if few is None:
        return None
    shares = np.linalg.lstsq(effects[:, few], effects, rcond=None)[0]
    response, values = parts.look.response, values_at(parts.look.axes, nodes.settings[:, few])
    rows = response.weights @ profiles(response, values, len(few)) * parts.look.means
    return Noisy(rows, shares @ nodes.follow, parts.look.cov)


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


def _moments(noise: Noisy) -> tuple[FloatArray, FloatArray]:
    """
    Variance and third moment of weighted sums of lognormal factors with mean one.

    With K the covariance of the factors, the third is 3 sum_i w_i (K w)_i^2 plus the trace of
    (W K)^3, W the diagonal matrix of the weights. The last term is small beside the first; it
    is computed at the mean node and scaled as a third moment is.
    """
    weights, shares, cov = noise
    spread = weights @ cov
    two = _products(shares, shares)
    pairs = weights.transpose(1, 0, 2) @ spread.transpose(1, 2, 0)
    var = pairs.reshape(len(pairs), -1) @ two
    square = (spread[:, None] * spread).reshape(-1, *spread.shape[1:])
    triples = weights.transpose(1, 0, 2) @ square.transpose(1, 2, 0)
    third = 3.0 * triples.reshape(len(triples), -1) @ _products(shares, two)
    middle = (shares.mean(axis=1) @ weights.reshape(len(weights), -1)).reshape(weights.shape[1:])
    scale = ((middle @ cov) * middle).sum(axis=1, keepdims=True)
    # Where the noise moves nobody, as before losses begin, there is nothing to scale.
    size = np.divide(var, scale, out=np.zeros_like(var), where=scale > 0.0)
    return var, third + _traces(middle, cov)[:, None] * (size * np.sqrt(size))


def _products(one: FloatArray, other: FloatArray) -> FloatArray:
    """The products of all pairs of rows, shape (rows of one x rows of the other, nodes)."""
    return np.asarray((one[:, None] * other).reshape(-1, one.shape[1]))


@functools.cache
def _some(sums: int) -> npt.NDArray[np.intp]:
    """Some of the sums, the first and the last among them."""
    places = np.unique(np.linspace(0, sums - 1, _FEW).round().astype(np.intp))
    places.flags.writeable = False
    return places


def _traces(weights: FloatArray, cov: FloatArray) -> FloatArray:
    places = _some(len(weights))
    scaled = cov * weights[places, None]
    traces = ((scaled @ scaled) * scaled.transpose(0, 2, 1)).sum(axis=(1, 2))
    found = np.interp(np.arange(len(weights)), places, traces)
    return np.asarray(found, dtype=np.float64)
