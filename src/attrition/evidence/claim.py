"""What somebody says of quantities: that a relation of them has a value."""

from typing import Literal, TypeAlias, final

import attrs

from attrition.accounts.quantities import as_number
from attrition.errors import ClaimError
from attrition.uncertain import Uncertain
from attrition.uncertain.checks import as_name
from attrition.uncertain.node import Known, Node, apply, in_order, unknowns
from attrition.uncertain.operations import Log, Subtract
from attrition.uncertain.support import check_positive

__all__ = ["Claim", "Scale", "gap"]

Scale: TypeAlias = Literal["difference", "log"]

_SCALES = ("difference", "log")


def _is_relation(_: object, field: "attrs.Attribute[Uncertain]", value: object) -> None:
    if not isinstance(value, Uncertain) or not unknowns(in_order([value.node])):
        raise ClaimError(
            f"{field.name} is {value!r}: expected an uncertain number computed from the "
            f"quantities. Type for example relation=lost - joined."
        )


def _is_scale(claim: "Claim", _: "attrs.Attribute[Scale]", value: object) -> None:
    if value not in _SCALES:
        raise ClaimError(
            f'scale is {value!r}: expected "difference" or "log". Type scale="difference" where '
            f'the value errs by so many people, scale="log" where it errs by a share of itself.'
        )
    if value == "log":
        for number in (claim.relation, claim.value):
            check_positive(number.node, "a claim on the log scale")


@final
@attrs.frozen(kw_only=True)
class Claim:
    """
    That a relation of quantities has a value.

    The claim is evidence, not the answer: its value is one measurement of the relation,
    independent of other claims, and errs as far as its spread says. A value without a
    spread makes the claim exact, and so does one that rests on the quantities themselves.

    Attributes:
        relation: A number computed from the quantities, such as ``lost - joined``.

        value: What it is said to be.

        scale: How value and relation are compared: "difference" if the relation minus
            the value is 0 but for the error, "log" if their ratio is 1. No default: that
            a total is 3.6 times its part leads to other posteriors on the two scales.

        name: A label for texts, such as who says it.

    Examples:
        >>> from attrition import about
        >>> lost, joined = about(31_000, sd=5_000), about(35_000, sd=4_000)
        >>> claim = Claim(
        ...     relation=lost - joined,
        ...     value=about(9_000, sd=6_000),
        ...     scale="difference",
        ...     name="officials",
        ... )
        >>> print(claim)
        officials: 9,000 (-869 to 18,869 at 90 %), difference
    """

    relation: Uncertain = attrs.field(validator=_is_relation)
    value: Uncertain = attrs.field(converter=as_number)
    scale: Scale = attrs.field(validator=_is_scale)
    name: str | None = attrs.field(default=None, converter=as_name)

    @scale.default
    def _no_scale(self) -> Scale:
        if isinstance(self.value.node, Known):
            raise ClaimError(
                f"the claim of {self.value} is an exact claim without its scale: that a difference "
                f"is 0 and that a ratio is 1 can lead to different posteriors. Type "
                f'scale="difference" or scale="log", or state the spread of the value, for '
                f"example value=about(..., sd=...)."
            )
        raise ClaimError(
            f"the claim of {self.value} has no scale: expected how its value errs. Type "
            f'scale="difference" where it errs by so many people, scale="log" where it errs by a '
            f"share of itself."
        )

    def __str__(self) -> str:
        label = "" if self.name is None else f"{self.name}: "
        return f"{label}{self.value}, {self.scale}"


def gap(relation: Node, value: Node, scale: Scale) -> Node:
    """
    What is 0 if the claim holds: relation - value, or the logarithm of their ratio.

    Examples:
        >>> from attrition import about, exactly
        >>> lost = about(31_000, sd=5_000)
        >>> Uncertain(gap(lost.node, exactly(35_000).node, "difference")).mean()
        -4000.0
    """
    if scale == "log":
        return apply(Subtract(), apply(Log(), relation), apply(Log(), value))
    return apply(Subtract(), relation, value)
