"""What the fields of a mix take: ratios, shares, and the estimates that they came from."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrition.accounts.losses import LossEstimate
from attrition.accounts.quantities import as_share, check_ratio
from attrition.errors import MixError
from attrition.uncertain import Uncertain

if TYPE_CHECKING:
    import attrs

__all__ = ["as_estimates", "is_ratio", "is_ratio_or_none", "is_share_or_none"]


def is_ratio(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    """
    Validate a ratio of two numbers of people.

    Examples:
        >>> import attrs
        >>> wounded = attrs.field(validator=is_ratio)
    """
    check_ratio(value, field.name, error=MixError)


def is_ratio_or_none(
    _: object, field: "attrs.Attribute[Uncertain | None]", value: Uncertain | None
) -> None:
    """
    Validate a ratio that may be unknown.

    Examples:
        >>> import attrs
        >>> missing = attrs.field(default=None, validator=is_ratio_or_none)
    """
    if value is not None:
        check_ratio(value, field.name, error=MixError)


def is_share_or_none(
    _: object, field: "attrs.Attribute[Uncertain | None]", value: Uncertain | None
) -> None:
    """
    Validate a share that may be unknown.

    Examples:
        >>> import attrs
        >>> returned = attrs.field(default=None, validator=is_share_or_none)
    """
    if value is not None:
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
