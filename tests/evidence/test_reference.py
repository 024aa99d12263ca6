import math

import pytest

from attrition.accounts import Category
from attrition.errors import CategoryError, EstimateError, NumberError, ParameterError
from attrition.evidence import CasualtyMix, ReferenceRatio, reference
from attrition.uncertain import log
from tests.accounts.records import unchecked

Z = 1.6448536269514722


def made(**changed: object) -> ReferenceRatio:
    """A made-up ratio with some fields changed."""
    fields: dict[str, object] = {
        "name": "A force",
        "low": 2.5,
        "high": 2.5,
        "basis": "wounded per killed",
        "when": "then",
        "source": "somebody",
    }
    return unchecked(ReferenceRatio)(**fields | changed)


class TestPublished:
    @pytest.mark.parametrize(
        ("ratio", "figure"),
        [
            (reference.WORLD_WAR_II, "3"),
            (reference.KURSK_SOVIET, "2.48"),
            (reference.KURSK_GERMAN, "4.5 to 5.1"),
            (reference.DPR_2022, "4.16"),
            (reference.US_AFGHANISTAN, "10"),
            (reference.SOVIET_AFGHANISTAN, "2.67"),
            (reference.US_IRAQ, "9.17"),
            (reference.RUSSIA_2023_SEVERE, "1.66"),
            (reference.CSIS_2025, "2.69 to 3.36"),
        ],
    )
    def test_figures(self, ratio: ReferenceRatio, figure: str) -> None:
        """Each ratio prints as it was published, with its basis and its source."""
        assert str(ratio) == (
            f"{ratio.name}, {ratio.when}: {figure} ({ratio.basis}; {ratio.source})"
        )
        assert ratio in reference.ALL

    def test_all(self) -> None:
        """The list holds every ratio once."""
        named = [getattr(reference, name) for name in reference.__all__ if name != "ALL"]

        assert len(reference.ALL) == len(set(reference.ALL)) == 9
        assert {one for one in named if isinstance(one, ReferenceRatio)} == set(reference.ALL)

    def test_bases_that_are_known(self) -> None:
        """Only the ratio of US forces in Iraq says on which side died of wounds stand: on both."""
        known = [one for one in reference.ALL if one.numerator is not None]

        assert known == [reference.US_IRAQ]
        assert reference.US_IRAQ.numerator is Category.US_WIA
        assert reference.US_IRAQ.denominator is Category.KILLED

    def test_iraq_as_a_mix(self) -> None:
        """Typed by its basis the ratio of Iraq is 8.85 survivors per killed."""
        ratio = reference.US_IRAQ.uncertain(relative=0.2, confidence=0.9)
        mix = CasualtyMix.from_us_ratios(wia_per_killed=ratio, dow_per_wia=0.035)

        assert f"{mix.wounded_per_killed.median():.2f}" == "8.85"


class TestUncertain:
    def test_one_ratio(self) -> None:
        """One ratio is lognormal around it, as far off as was said."""
        found = made().uncertain(relative=0.25, confidence=0.9, name="ratio")

        assert found.interval(0.9) == pytest.approx((2.0, 3.125))
        assert log(found).std() == pytest.approx(math.log(1.25) / Z)
        assert found.name == "ratio"

    def test_a_range(self) -> None:
        """A range is lognormal with the mass inside that was said."""
        found = made(high=4.0).uncertain(confidence=0.5, name="ratio")

        assert found.interval(0.5) == pytest.approx((2.5, 4.0))
        assert log(found).median() == pytest.approx(math.log(2.5 * 4.0) / 2)
        assert found.name == "ratio"

    def test_each_call_is_a_new_unknown(self) -> None:
        """Two wars do not share an unknown because they share a ratio."""
        first, second = (made().uncertain(relative=0.25, confidence=0.9) for _ in range(2))

        assert first != second
        assert first.same_law(second)

    @pytest.mark.parametrize(
        ("high", "given", "figure", "said", "asks"),
        [
            (2.5, {}, "2.5", "no keyword", "relative=0.3, confidence=0.9"),
            (2.5, {"confidence": 0.9}, "2.5", "confidence=0.9", "relative=0.3, confidence=0.9"),
            (2.5, {"relative": 0.2}, "2.5", "relative=0.2", "relative=0.3, confidence=0.9"),
            (4.0, {}, "2.5 to 4", "no keyword", "confidence=0.9"),
            (
                4.0,
                {"relative": 0.2, "confidence": 0.8},
                "2.5 to 4",
                "relative=0.2, confidence=0.8",
                "confidence=0.9",
            ),
        ],
    )
    def test_no_spread_is_guessed(
        self, high: float, given: dict[str, float], figure: str, said: str, asks: str
    ) -> None:
        """A ratio gives no number before it is said how far it may be off."""
        with pytest.raises(ParameterError) as caught:
            unchecked(made(high=high).uncertain)(**given)

        assert str(caught.value) == (
            f"the ratio of A force is {figure} without a spread and was given {said}: expected "
            f"how far it may be off. Type for example .uncertain({asks})."
        )


class TestRecord:
    def test_ends_in_order(self) -> None:
        """A range that is reversed names its force."""
        with pytest.raises(ParameterError) as caught:
            made(low=4)

        assert str(caught.value) == (
            "low is 4 and high is 2.5 in the ratio of A force: expected low <= high. "
            "Put the smaller number first."
        )

    @pytest.mark.parametrize(
        ("changed", "error", "text"),
        [
            ({"low": 0}, ParameterError, r"^an end of a reference ratio is 0: expected more"),
            ({"high": "4"}, NumberError, r"^an end of a reference ratio is '4', a str"),
            ({"numerator": "KILLED"}, CategoryError, r"^numerator is 'KILLED': expected a Cat"),
            ({"denominator": Category(0)}, CategoryError, r"^denominator holds no outcome"),
            ({"source": " "}, EstimateError, r"^source is ' ': expected a text"),
        ],
    )
    def test_fields(self, changed: dict[str, object], error: type[Exception], text: str) -> None:
        """Every field is checked, and named where it is wrong."""
        with pytest.raises(error, match=text):
            made(**changed)

    def test_fields_are_named(self) -> None:
        """Texts in a row do not say which is which."""
        with pytest.raises(TypeError):
            unchecked(ReferenceRatio)("A force", 2.5, 2.5)
