from collections.abc import Callable

import pytest

from attrition.uncertain import Uncertain
from tests.conformance import LAWS, MAKERS


class TestConformance:
    @pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
    def test_every_law_holds_for_every_maker(
        self, law: Callable[[Callable[[], Uncertain]], None], make: Callable[[], Uncertain]
    ) -> None:
        """Whatever makes an uncertain number, the laws of tests/conformance.py hold for it."""
        law(make)
