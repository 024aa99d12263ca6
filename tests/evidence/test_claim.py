import pickle

import pytest

from attrition.errors import ClaimError, NumberError, ParameterError
from attrition.evidence import Claim
from attrition.evidence.claim import gap
from attrition.uncertain import Uncertain, about, between, exactly
from tests.accounts.records import unchecked

LOST, JOINED = about(31_000, sd=5_000), about(35_000, sd=4_000)
KILLED = between(5_000, 20_000, confidence=0.9, family="lognormal")


class TestClaim:
    def test_text(self) -> None:
        """A claim prints who says what, and how its value errs."""
        claim = Claim(
            relation=LOST - JOINED, value=about(9_000, sd=6_000), scale="difference", name="staff"
        )

        assert str(claim) == "staff: 9,000 (-869 to 18,869 at 90 %), difference"
        assert str(Claim(relation=KILLED, value=9_000, scale="log")) == "9,000, log"

    def test_pickle(self) -> None:
        """A pickled claim is equal: numbers keep their identity."""
        claim = Claim(relation=KILLED, value=about(9_000, sd=500), scale="log", name="staff")

        assert pickle.loads(pickle.dumps(claim)) == claim

    def test_an_exact_claim_needs_its_scale(self) -> None:
        """What is exact has to say on which scale."""
        with pytest.raises(ClaimError) as caught:
            unchecked(Claim)(relation=LOST - JOINED, value=9_000)

        assert str(caught.value) == (
            "the claim of 9,000 is an exact claim without its scale: that a difference is 0 and "
            "that a ratio is 1 can lead to different posteriors. Type "
            'scale="difference" or scale="log", or state the spread of the value, for example '
            "value=about(..., sd=...)."
        )

    def test_a_measured_claim_needs_its_scale(self) -> None:
        """How the value errs is not guessed from its family."""
        with pytest.raises(ClaimError) as caught:
            unchecked(Claim)(relation=LOST, value=about(30_000, sd=500))

        assert str(caught.value) == (
            "the claim of 30,000 (29,178 to 30,822 at 90 %) has no scale: expected how its value "
            'errs. Type scale="difference" where it errs by so many people, scale="log" where it '
            "errs by a share of itself."
        )

    @pytest.mark.parametrize("scale", ["ratio", None, 3])
    def test_scales(self, scale: object) -> None:
        """There are two scales."""
        with pytest.raises(ClaimError) as caught:
            unchecked(Claim)(relation=LOST, value=9_000, scale=scale)

        assert str(caught.value) == (
            f'scale is {scale!r}: expected "difference" or "log". Type scale="difference" where '
            'the value errs by so many people, scale="log" where it errs by a share of itself.'
        )

    @pytest.mark.parametrize(("relation", "shown"), [(9_000, "9000"), (exactly(3), "exactly(3)")])
    def test_relations_are_uncertain(self, relation: object, shown: str) -> None:
        """A known number is no relation of quantities."""
        with pytest.raises(ClaimError) as caught:
            unchecked(Claim)(relation=relation, value=9_000, scale="difference")

        assert str(caught.value) == (
            f"relation is {shown}: expected an uncertain number computed from the quantities. "
            "Type for example relation=lost - joined."
        )

    @pytest.mark.parametrize(
        ("relation", "value"), [(LOST - JOINED, exactly(9_000)), (KILLED, about(1, sd=1))]
    )
    def test_logarithms_need_positive_numbers(self, relation: Uncertain, value: Uncertain) -> None:
        """Neither the relation nor the value of a claim on a ratio may be negative."""
        with pytest.raises(ParameterError, match=r"^a claim on the log scale of a number with 0\."):
            Claim(relation=relation, value=value, scale="log")

    def test_values_are_numbers(self) -> None:
        """A text is no value."""
        with pytest.raises(NumberError, match="9 thousand"):
            unchecked(Claim)(relation=LOST, value="9 thousand", scale="log")

    def test_names_are_texts(self) -> None:
        """An empty name is none."""
        with pytest.raises(ParameterError, match=r"^name is ''"):
            Claim(relation=LOST, value=30_000, scale="log", name="")


class TestGap:
    def test_scales(self) -> None:
        """The gap is 0 where the claim holds, in people or in logarithms."""
        difference = Uncertain(gap(LOST.node, exactly(30_000).node, "difference"))
        ratio = Uncertain(gap(KILLED.node, exactly(20_000).node, "log"))

        assert (difference.mean(), difference.std()) == (1_000, 5_000)
        assert ratio.ppf(0.95) == pytest.approx(0.0, abs=1e-12)
