"""Losses that depend on how many people are there to be lost."""

from typing import final

import attrs
from attrs.validators import optional

from attrition.accounts.quantities import as_number_or_none, as_people
from attrition.errors import ProjectionError
from attrition.uncertain import Uncertain
from attrition.uncertain.checks import as_float

__all__ = ["Exposure"]


def _is_strength(_: object, field: "attrs.Attribute[Uncertain]", value: Uncertain) -> None:
    as_people(value, field.name)
    if value.median() <= 0.0:
        raise ProjectionError(
            f"at is {value}: expected the strength at which the level holds, more than nobody. "
            f"Type at=700_000, or leave it out for the strength at the start."
        )


@final
@attrs.frozen(kw_only=True)
class Exposure:
    """
    Losses in proportion to a power of strength.

    With the strength S, people leave at the rate of the process times (S / at) ** power. Power 1
    is a loss rate per head.

    Within a step the rate is integrated exactly, S (1 - exp(-k)) for power 1, on the strength at
    its start with half of what else arrives and leaves in it; without other flows the step thus
    changes nothing, and with them the error falls with the square of the step. Processes with one
    power are integrated together, of several powers by turns, half a step each.

    Attributes:
        power: Of strength; above 0.

        at: The strength at which the level of the process holds; that at the start unless given.

    Examples:
        >>> Exposure().power
        1.0
    """

    power: float = attrs.field(default=1.0)
    at: Uncertain | None = attrs.field(
        default=None, converter=as_number_or_none, validator=optional(_is_strength)
    )

    @power.validator
    def _positive(self, _: object, value: object) -> None:
        if as_float(value, "power") <= 0.0:
            raise ProjectionError(
                f"power is {value}: expected more than 0. Type power=1 for losses per head, or "
                f"leave exposure out for losses that do not depend on strength."
            )
