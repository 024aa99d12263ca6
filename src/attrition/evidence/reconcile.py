"""What is known of quantities once claims on relations of them are taken in."""

from collections.abc import Mapping, Sequence
from typing import Literal, final

import attrs

from attrition.errors import ClaimError, ContradictionError
from attrition.evidence.claim import Claim
from attrition.evidence.contradiction import Contradiction
from attrition.evidence.posterior import Given, exact_route, importance_route
from attrition.evidence.statements import Problem, problem_of
from attrition.evidence.substitute import substituted
from attrition.evidence.surprise import linear_contradiction, weighed_contradiction
from attrition.uncertain import Uncertain
from attrition.words import text_table

__all__ = ["Reconciled", "reconcile"]

_METHODS = ("auto", "exact", "importance")


@final
@attrs.frozen(kw_only=True)
class Reconciled:
    """
    Quantities given claims.

    Attributes:
        quantities: What was known before, by name.

        claims: What was taken in.

        posterior: What is known now, under the same names. These are new unknowns, tied to
            each other; a question that holds an old and a new one raises. An unknown that no
            claim touches stays what it was. Taking the same claims in again gives the same
            unknowns; a question that holds posteriors of one quantity after different claims
            raises, unless the one rests on the other.

        method: "exact" by closed form, for claims that are linear in normal numbers or in
            logarithms of lognormal ones; else "importance", by weighted worlds.

        effective_draws: How many draws of equal weight the worlds are worth; infinite for
            the closed form.

        errors: Numerical standard error of the mean of every posterior; those found by worlds
            are made of values, whose own summaries do not know it.
    """

    quantities: dict[str, Uncertain] = attrs.field(hash=False)
    claims: tuple[Claim, ...]
    posterior: dict[str, Uncertain] = attrs.field(hash=False)
    method: Literal["exact", "importance"]
    effective_draws: float
    errors: dict[str, float] = attrs.field(hash=False)
    _replacements: dict[str, Uncertain] = attrs.field(hash=False, repr=False)

    def posterior_of(self, expression: Uncertain) -> Uncertain:
        """
        A number computed from the quantities, as it is known now.

        Args:
            expression: Any number; what the claims do not touch stays what it was.

        Returns:
            The same computation on the posteriors, tied to them.

        Raises:
            ClaimError: If it is no uncertain number.

        Examples:
            >>> from attrition import about
            >>> lost, joined = about(31_000, sd=5_000), about(35_000, sd=4_000)
            >>> officials = Claim(
            ...     relation=lost - joined, value=about(9_000, sd=6_000), scale="difference"
            ... )
            >>> found = reconcile({"lost": lost, "joined": joined}, [officials])
            >>> print(found.posterior_of(lost - joined))
            2,922 (-4,279 to 10,124 at 90 %)
        """
        if not isinstance(expression, Uncertain):
            raise ClaimError(
                f"expression is {expression!r}: expected an uncertain number computed from the "
                f"quantities. Type for example posterior_of(lost - joined)."
            )
        nodes = {uid: number.node for uid, number in self._replacements.items()}
        return Uncertain(substituted(expression.node, nodes))

    @property
    def contradiction(self) -> Contradiction:
        """
        How far the claims lie from what was known before, and from each other.

        It is computed at every look: by closed form in no time, else with one run for every
        claim that is left out.
        """
        problem = problem_of(self.quantities, self.claims)
        if self.method == "exact" and problem.linear is not None:
            return linear_contradiction(problem, problem.linear)
        return weighed_contradiction(problem)

    def __str__(self) -> str:
        rows = [
            [name, f"{number}", f"{self.posterior[name]}"]
            for name, number in self.quantities.items()
        ]
        table = text_table(["quantity", "before", "given the claims"], rows, align="lll")
        return f"{table}\n{self._how()}\n{self.contradiction}"

    def _how(self) -> str:
        if self.method == "exact":
            return "Found by closed form."
        return f"Found by weighted worlds worth {self.effective_draws:,.0f} draws."


def reconcile(
    quantities: Mapping[str, Uncertain],
    claims: Sequence[Claim],
    *,
    method: Literal["auto", "exact", "importance"] = "auto",
) -> Reconciled:
    """
    Take claims in as evidence on what is known of quantities.

    Each claim is an independent measurement of a relation: with g the relation, f the density
    of its value on the scale of the claim, and p(theta) what was known before,

        p(theta | claims) is proportional to p(theta) f_1(g_1(theta)) f_2(g_2(theta)) ...

    So a claim pulls as hard as its spread is narrow beside what was known before. Claims that
    repeat each other are not independent: tie their values with ``correlate``, or take one.

    Args:
        quantities: Uncertain numbers by name: all that the relations rest on, as it was known
            without the claims.

        claims: What is said of relations between them.

        method: "auto" takes the closed form where there is one; "exact" refuses where there is
            none; "importance" takes weighted worlds in any case, as a check.

    Returns:
        The posteriors, with the way they were found; ask for its ``contradiction``.

    Raises:
        ClaimError: If quantities or claims are missing, a claim is on numbers that are not among
            the quantities, cannot be solved, or the method does not apply.

        ContradictionError: If nothing satisfies all claims at once.

        DependenceError: If prior and posterior of one quantity are mixed.

    Warns:
        FewDrawsWarning: If few worlds carry the weight.

    Examples:
        >>> from attrition import between
        >>> killed = between(5_000, 20_000, confidence=0.9, family="lognormal")
        >>> total = between(25_000, 45_000, confidence=0.9, family="lognormal")
        >>> ratio = Claim(relation=total, value=3.6 * killed, scale="log", name="3.6 in all")
        >>> print(reconcile({"killed": killed, "total": total}, [ratio]).posterior["killed"])
        9,418 (7,185 to 12,344 at 90 %)

    References:
        Kong, A., Liu, J. S. and Wong, W. H. (1994). Sequential imputations and Bayesian missing
        data problems. doi:10.1080/01621459.1994.10476469

        Box, G. E. P. (1980). Sampling and Bayes' inference in scientific modelling and
        robustness. doi:10.2307/2982063 (prior-predictive tail probabilities)
    """
    if method not in _METHODS:
        raise ClaimError(
            f'method is {method!r}: expected "auto", "exact" or "importance". '
            f'Type method="auto", which takes the closed form where there is one.'
        )
    problem = problem_of(quantities, claims)
    exact = method == "exact" or (method == "auto" and problem.linear is not None)
    given = _given(problem, exact=exact)
    if given is None:
        raise ContradictionError(_impossible(problem, claims, exact=exact))
    return Reconciled(
        quantities=dict(quantities),
        claims=tuple(claims),
        posterior={
            name: Uncertain(substituted(number.node, given.replacements))
            for name, number in quantities.items()
        },
        method="exact" if exact else "importance",
        effective_draws=given.effective_draws,
        errors=given.errors,
        replacements={uid: Uncertain(node) for uid, node in given.replacements.items()},
    )


def _given(problem: Problem, *, exact: bool) -> Given | None:
    if not exact:
        return importance_route(problem)
    if problem.linear is None:
        raise ClaimError(
            'method is "exact", and the claims have no closed form: expected relations that are '
            "linear in normal numbers, or on the log scale products of lognormal ones. Type "
            'method="auto" for weighted worlds.'
        )
    return exact_route(problem, problem.linear)


def _impossible(problem: Problem, claims: Sequence[Claim], *, exact: bool) -> str:
    """Name the first claim that leaves nothing beside those before it."""
    count = next(
        n for n in range(1, len(claims) + 1) if _given(problem.first(n), exact=exact) is None
    )
    claim, label = claims[count - 1], problem.statements[count - 1].label
    before = ", ".join(statement.label for statement in problem.statements[: count - 1])
    beside = f", given {before}" if before else ""
    return (
        f"nothing satisfies {label}{beside}: it says {claim.value} of a number that was "
        f"{claim.relation} before any claim. Drop one of the claims, or state the spread that "
        f"its figure has, for example value=about(..., sd=...)."
    )
