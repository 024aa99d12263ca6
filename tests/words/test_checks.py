import numpy as np
import pytest

from attrition.words.checks import plain_number


class TestPlainNumber:
    @pytest.mark.parametrize("x", [3, 3.0, np.int32(3), np.float32(3.0)])
    def test_numbers_become_floats(self, x: float) -> None:
        """Whatever kind of number it is, a float comes back."""
        assert plain_number(x) == 3.0
        assert type(plain_number(x)) is float

    @pytest.mark.parametrize("x", [True, np.True_, "3", None, 3j, [3.0], np.array([3.0])])
    def test_everything_else_is_none(self, x: object) -> None:
        """Bools, text, complex numbers and arrays are no plain numbers."""
        assert plain_number(x) is None
