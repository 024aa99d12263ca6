"""The tail probabilities behind a contradiction, by closed form or from weighted worlds."""

from collections.abc import Sequence

import numpy as np

from attrition._typing import FloatArray
from attrition.evidence.below import unknowns_of
from attrition.evidence.conditioning import (
    condition,
    statement_given_others,
    statements_alone,
    upper_tail,
)
from attrition.evidence.contradiction import Contradiction
from attrition.evidence.linear import Linear
from attrition.evidence.statements import Problem, Statement
from attrition.evidence.worlds import Worlds, prior_worlds, worlds_given
from attrition.uncertain.lattice import POINTS, SHIFTS
from attrition.uncertain.node import Leaf
from attrition.uncertain.scores import score_of

__all__ = ["linear_contradiction", "weighed_contradiction"]

_STEP = 1e-3
"""Of a normal score, in a slope: its square is below the error of the lattice."""


def linear_contradiction(problem: Problem, linear: Linear) -> Contradiction:
    """In closed form, for claims that are linear in normal scores."""
    given = condition(linear.weights, linear.constants)
    return Contradiction(
        p_value=upper_tail(float(given.statistic), given.rank),
        by_claim={
            statement.label: statement_given_others(linear.weights, linear.constants, i)
            for i, statement in enumerate(problem.statements)
        },
        among_claims=_alone(linear, problem.known),
        method="exact",
        error=0.0,
    )


def _alone(linear: Linear, known: frozenset[str]) -> float | None:
    unknown = np.array([leaf.uid in known for leaf in linear.leaves])
    return statements_alone(linear.weights, linear.constants, unknown)


def weighed_contradiction(problem: Problem) -> Contradiction:
    """
    From worlds, for claims of any shape.

    All claims together: gaps are turned into normal scores of their own prior laws, and their
    squared distance from the centre is compared with that of no gap at all.
    """
    statements = problem.statements
    tails = {s.label: _left_out(problem, i) for i, s in enumerate(statements)}
    # One claim has no others: left out, it is compared with what was known before.
    p_value, error = _joint_tail(statements) if len(statements) > 1 else tails[statements[0].label]
    return Contradiction(
        p_value=p_value,
        by_claim={label: tail for label, (tail, _) in tails.items()},
        among_claims=_alone_nearby(problem),
        method="importance",
        error=error,
    )


def _left_out(problem: Problem, which: int) -> tuple[float, float]:
    """The two-sided tail of no gap in what the other claims foretell, and its error."""
    statement, others = problem.statements[which], problem.without(which).statements
    worlds = worlds_given(others, [statement.gap]) if others else prior_worlds([statement.gap])
    return (0.0, 0.0) if worlds is None else _two_sided(worlds, statement)


def _two_sided(worlds: Worlds, statement: Statement) -> tuple[float, float]:
    (gaps,) = worlds.of([statement.gap])
    below = (gaps <= 0.0).astype(np.float64)
    tail = min(float(worlds.weights @ below), float(worlds.weights @ (gaps >= 0.0)))
    error = 2.0 * max(worlds.error_of_mean(below), 1.0 / worlds.effective)
    return min(1.0, 2.0 * tail), error


def _joint_tail(statements: Sequence[Statement]) -> tuple[float, float]:
    """The share of prior worlds whose gaps are further out than no gap, and its error."""
    worlds = prior_worlds([statement.gap for statement in statements])
    gaps = np.array(worlds.of([statement.gap for statement in statements]))
    n = gaps.shape[1]
    ranks = (np.argsort(np.argsort(gaps, axis=1), axis=1) + 0.5) / n
    none = np.clip((gaps < 0.0).mean(axis=1), 0.5 / n, 1.0 - 0.5 / n)
    scores, at_none = score_of(ranks), score_of(none)
    precision = np.asarray(np.linalg.pinv(np.cov(scores)), dtype=np.float64)
    further = _squared(scores, precision) >= _squared(at_none[:, None], precision)
    shares = further.reshape(SHIFTS, POINTS).mean(axis=1)
    error = max(float(np.std(shares, ddof=1) / np.sqrt(SHIFTS)), 1.0 / n)
    return float(shares.mean()), error


def _squared(scores: FloatArray, precision: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,ij,jn->n", scores, precision, scores), dtype=np.float64)


def _alone_nearby(problem: Problem) -> float | None:
    """The claims against each other to first order around the posterior mean of the scores."""
    gaps = [statement.gap for statement in problem.statements]
    found = unknowns_of(gaps)
    leaves = tuple(u for u in found if isinstance(u, Leaf) and not u.law.atomic)
    given = worlds_given(problem.statements, ())
    if len(leaves) < len(found) or given is None:
        return None
    centre = np.array([_mean_score(leaf, given) for leaf in leaves])
    steps = _STEP * np.eye(len(leaves))
    places = np.concatenate([centre[:, None], centre[:, None] + steps, centre[:, None] - steps], 1)
    values = {leaf.uid: leaf.law.at_score(z) for leaf, z in zip(leaves, places, strict=True)}
    nearby = np.array(Worlds(values=values, weights=np.ones(places.shape[1])).of(gaps))
    up, down = np.split(nearby[:, 1:], 2, axis=1)
    weights = (up - down) / (2.0 * _STEP)
    linear = Linear(leaves=leaves, weights=weights, constants=nearby[:, 0] - weights @ centre)
    return _alone(linear, problem.known)


def _mean_score(leaf: Leaf, given: Worlds) -> float:
    mean = given.weights @ np.where(given.weights > 0.0, given.values[leaf.uid], 0.0)
    return float(leaf.law.score(np.asarray(mean)))
