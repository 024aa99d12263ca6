import pickle
from collections.abc import Callable

import pytest

from attrition.errors import MomentError, ParameterError
from attrition.uncertain import Uncertain
from tests.conformance import LAWS
from tests.conformance_scipy import (
    BROKEN,
    CASES,
    DEFECTS,
    NEWER,
    REFUSED,
    SHARED,
    TOO_SLOW,
    UNEVEN,
    UNPICKLABLE,
    UNPICKLED,
    WITHOUT_VARIANCE,
    Family,
)


def _case(law: Callable[..., None], family: Family) -> object:
    key = (law.__name__, family.name)
    marks: list[pytest.MarkDecorator] = []
    if key in BROKEN:
        marks.append(pytest.mark.xfail(reason=DEFECTS[family.name], raises=AssertionError))
    if key in TOO_SLOW:
        marks.append(pytest.mark.skip(reason=TOO_SLOW[key]))
    return pytest.param(law, family, marks=marks, id=f"{law.__name__}-{family}")


def _newer(law: Callable[..., None], name: str) -> object:
    uneven = law.__name__ == "both_tails_agree" and name in UNEVEN
    marks = [pytest.mark.xfail(reason=UNEVEN[name], raises=AssertionError)] if uneven else []
    return pytest.param(law, name, marks=marks, id=f"{law.__name__}-{name}")


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::scipy.integrate.IntegrationWarning")
class TestScipyFamilies:
    @pytest.mark.parametrize(("law", "family"), [_case(law, family) for law, family in CASES])
    def test_every_family_keeps_the_laws(
        self, law: Callable[[Family], None], family: Family
    ) -> None:
        """Whatever family of scipy a number is made of, the laws of scipy's families hold."""
        law(family)

    @pytest.mark.parametrize(("law", "family"), [_case(law, family) for law, family in SHARED])
    def test_every_family_keeps_the_laws_of_every_number(
        self, law: Callable[[Callable[[], Uncertain]], None], family: Family
    ) -> None:
        """The laws of every maker hold; those that ask for moments are refused without them."""
        if law.__name__ in REFUSED and family.name in WITHOUT_VARIANCE:
            with pytest.raises(MomentError, match=r"does not exist\. Use median\(\)"):
                law(family.make)
        else:
            law(family.make)

    @pytest.mark.parametrize(("law", "name"), [_newer(law, name) for name in NEWER for law in LAWS])
    def test_the_newer_kind_keeps_the_laws_of_every_number(
        self, law: Callable[[Callable[[], Uncertain]], None], name: str
    ) -> None:
        """So do variables of the newer kind; what scipy cannot pickle is refused, not changed."""

        def make() -> Uncertain:
            return Uncertain.of(NEWER[name]())  # type: ignore[arg-type]  # of many kinds

        if law.__name__ == "pickling_keeps_identity" and name in UNPICKLED:
            with pytest.raises(ParameterError, match="scipy does not restore this distribution"):
                law(make)
        elif law.__name__ == "pickling_keeps_identity" and name in UNPICKLABLE:
            with pytest.raises((AttributeError, pickle.PicklingError), match=r"pickle.*local"):
                law(make)
        else:
            law(make)
