"""How far claims lie from what was known before, and from each other."""

from typing import Literal, final

import attrs

from attrition.words import chance_text

__all__ = ["Contradiction"]


@final
@attrs.frozen(kw_only=True)
class Contradiction:
    """
    How surprising claims are, as tail probabilities.

    Each is the probability that figures as far off as these, or further, would be claimed if
    what was stated held: spreads of the quantities and of the claims. A small one says that
    one of the statements is wrong or too narrow, not which one. None is the probability that
    a claim is true.

    Attributes:
        p_value: All claims together, against what was known of the quantities before.

        by_claim: Each claim by its label, against the quantities given the other claims.

        among_claims: The claims against each other, whatever was known before; None where
            some values of the quantities satisfy them all, as there are no more claims than
            unknowns, or where no such test is known. For claims that are not linear in normal
            scores to first order around the posterior.

        method: "exact" by chi-square, or "importance" by weighted worlds.

        error: Numerical standard error of ``p_value``.

    Examples:
        >>> from attrition import Claim, about, reconcile
        >>> lost, joined = about(31_000, sd=5_000), about(35_000, sd=4_000)
        >>> claim = Claim(relation=lost - joined, value=about(9_000, sd=6_000), scale="difference")
        >>> found = reconcile({"lost": lost, "joined": joined}, [claim])
        >>> round(found.contradiction.p_value, 4)
        0.1385
    """

    p_value: float
    by_claim: dict[str, float] = attrs.field(hash=False)
    among_claims: float | None
    method: Literal["exact", "importance"]
    error: float

    def sentences(self) -> tuple[str, ...]:
        """
        What the numbers say, in words of ICD 203 with their probabilities.

        Examples:
            >>> found = Contradiction(
            ...     p_value=0.03,
            ...     by_claim={"officials": 0.6, "article": 0.004},
            ...     among_claims=None,
            ...     method="exact",
            ...     error=0.0,
            ... )
            >>> for sentence in found.sentences():
            ...     print(sentence)
            Claims as far from what was known before as these: almost no chance (3 %).
            A claim as far from all the rest as "officials": likely (60 %).
            A claim as far from all the rest as "article": below 1 % (outside the ICD 203 table).
        """
        told = [f"Claims as far from what was known before as these: {chance_text(self.p_value)}."]
        if len(self.by_claim) > 1:
            told += [
                f'A claim as far from all the rest as "{label}": {chance_text(p)}.'
                for label, p in self.by_claim.items()
            ]
        if self.among_claims is not None:
            told.append(f"Claims as far from each other: {chance_text(self.among_claims)}.")
        return tuple(told)

    def __str__(self) -> str:
        return "\n".join(self.sentences())
