"""What the noise of each stretch of time does to strength at each date."""

from collections.abc import Mapping, Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.projection.response import Response, Rows
from attrition.uncertain.node import Leaf

__all__ = ["at_scores", "profiles", "values_at"]


def values_at(leaves: Sequence[Leaf], scores: FloatArray) -> dict[str, FloatArray]:
    """
    The values of unknowns at normal scores, by uid.

    Args:
        leaves: The unknowns.

        scores: Shape (leaves, settings).
    """
    return {leaf.uid: leaf.law.at_score(z) for leaf, z in zip(leaves, scores, strict=True)}


def at_scores(
    response: Response,
    leaves: Sequence[Leaf],
    scores: FloatArray,
    noise: Mapping[int, FloatArray] | None = None,
) -> Rows:
    """
    The rows at normal scores of the unknowns.

    Args:
        response: What is asked for.

        leaves: All its unknowns.

        scores: Shape (leaves, settings).

        noise: Factors by place, of a shape that broadcasts to (cells, settings); those that are
            left out are one.
    """
    settings = scores.shape[1]
    factors = {
        place: np.broadcast_to((noise or {}).get(place, np.ones(1)), (made.cells, settings))
        for place, made in response.noises.items()
    }
    return response.at(values_at(leaves, scores), factors, settings)


def profiles(response: Response, values: Mapping[str, FloatArray], settings: int) -> FloatArray:
    """
    By how much strength at each date rises with the factor of each cell.

    Strength is linear in the factors, so a difference is the derivative.

    Args:
        response: What is asked for.

        values: Of every unknown by uid, shape (settings,).

        settings: How many there are.

    Returns:
        Shape (settings, dates, cells); the cells of all noises one after another.
    """
    sizes = {place: made.cells for place, made in response.noises.items()}
    cells = sum(sizes.values())
    # The last of each setting's columns is the one to compare with.
    raised = 1.0 + np.tile(np.hstack([np.eye(cells), np.zeros((cells, 1))]), settings)
    ends = np.cumsum(list(sizes.values()))[:-1]
    noise = dict(zip(sizes, np.split(raised, ends.tolist()), strict=True))
    repeated = {uid: np.repeat(value, cells + 1, axis=-1) for uid, value in values.items()}
    found = response.at(repeated, noise, settings * (cells + 1)).strength
    by_setting = found.reshape(len(found), settings, cells + 1).transpose(1, 0, 2)
    return np.asarray(by_setting[..., :-1] - by_setting[..., -1:])
