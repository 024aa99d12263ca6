"""What the fields of a mix take: ratios, shares, and the estimates that they came from."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrition.accounts.losses import LossEstimate
from attrition.accounts.quantities import as_share, check_ratio
from attrition.errors import MixError
from attrition.uncertain import Uncertain

if TYPE_CHECKING:
    import attrs

__all__ = ["as_estimates", "is_ratio", "is_share"]


def is_ratio(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    """
    Validate a ratio of two numbers of people.

    Examples:
        >>> import attrs
        >>> wounded = attrs.field(validator=is_ratio)
    """
    check_ratio(value, field.name, error=MixError)


def is_share(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    """
    Validate a share of people.

    Examples:
        >>> import attrs
        >>> returned = attrs.field(validator=is_share)
    """
    as_share(value, field.name, error=MixError)


def as_estimates(value: LossEstimate | Iterable[LossEstimate]) -> tuple[LossEstimate, ...]:
    """
    One estimate or several, in a row.

    Examples:
        >>> as_estimates([])
        ()
    """
    if not isinstance(value, Iterable):
        return (_one(value),)
    return tuple(map(_one, value))


def _one(value: object) -> LossEstimate:
    if not isinstance(value, LossEstimate):
        raise MixError(
            f"estimated_from holds {value!r}: expected the LossEstimates whose counts the ratios "
            f"came from. Leave it out where they came from elsewhere."
        )
    return value
