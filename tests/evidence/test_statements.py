import pytest

from attrition.errors import ClaimError, DependenceError
from attrition.evidence import Claim
from attrition.evidence.statements import problem_of
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    correlate,
    exactly,
    from_draws,
    share,
    total_of,
    uniform,
)
from attrition.uncertain.families import Normal
from attrition.uncertain.node import Noise
from tests.accounts.records import unchecked

LOST, JOINED = about(31_000, sd=5_000, name="lost"), about(35_000, sd=4_000)
KILLED = between(5_000, 20_000, confidence=0.9, family="lognormal")
Q = {"lost": LOST, "joined": JOINED, "killed": KILLED}
GAP = Claim(relation=LOST - JOINED, value=about(9_000, sd=6_000), scale="difference")


def refusal(quantities: object, claims: object) -> str:
    """What is said against a problem."""
    with pytest.raises(ClaimError) as caught:
        unchecked(problem_of)(quantities, claims)
    return str(caught.value)


class TestProblemOf:
    def test_a_measured_value_is_an_unknown_of_its_own(self) -> None:
        """A value is one unknown, also where it was computed from several."""
        sum_of_two = total_of(about(5_000, sd=300), about(4_000, sd=400))
        plain, computed = problem_of(
            Q, [GAP, Claim(relation=LOST, value=sum_of_two, scale="difference")]
        ).statements

        assert plain.measured is GAP.value.node
        assert computed.measured is not None
        assert computed.measured.law == Normal(9_000, 500)
        assert [plain.label, computed.label] == ["claim 1", "claim 2"]

    def test_values_that_are_not_measured(self) -> None:
        """Not known ones, quantities, shared ones, point masses, or laws without closed form."""
        shared = about(9_000, sd=500)
        values = [
            exactly(9_000),
            3.6 * KILLED,
            shared,
            shared,
            from_draws([8_000, 9_000, 9_500]),
            from_draws([8_000, 9_000, 9_500]) + 1,
            about(9_000, sd=500) + uniform(0, 1_000) + share(0.4, 0.7, confidence=0.9),
        ]
        claims = [Claim(relation=LOST, value=value, scale="difference") for value in values]

        assert all(s.measured is None for s in problem_of(Q, claims).statements)

    def test_a_constant_is_claimed_on_the_scale_that_is_linear(self) -> None:
        """An exact ratio is a sum of logarithms, on whichever scale it is claimed."""
        ratio = between(1.3, 3.4, confidence=0.9, family="lognormal")
        for scale in ("difference", "log"):
            claim = Claim(relation=KILLED * ratio, value=20_000, scale=scale)
            assert problem_of(Q | {"ratio": ratio}, [claim]).linear is not None

    def test_a_constant_is_claimed_on_the_scale_that_can_be_solved(self) -> None:
        """A ratio of other numbers is solved as one."""
        a, b = uniform(5, 9), uniform(1, 2)
        problem = problem_of({"a": a, "b": b}, [Claim(relation=a / b, value=4, scale="difference")])

        assert problem.linear is None
        assert type(problem.statements[0].gap.operation).__name__ == "Subtract"  # type: ignore[union-attr] # a gap is computed

    def test_what_is_replaced(self) -> None:
        """All that the claims rest on, values included, and what that replaced before."""
        lost, joined = correlate([LOST, JOINED], normal_scores=0.5)
        claim = Claim(relation=lost, value=GAP.value, scale="difference")
        problem = problem_of({"lost": lost, "joined": joined, "killed": KILLED}, [claim])

        assert {LOST.node.uid, JOINED.node.uid, GAP.value.node.uid} < problem.replaced
        assert KILLED.node.uid in problem.known - problem.replaced

    def test_fewer_claims(self) -> None:
        """Some of the claims are a problem of their own."""
        third = Claim(relation=KILLED, value=uniform(1, 2e4), scale="difference", name="bounds")
        problem = problem_of(Q, [GAP, third])

        assert problem.linear is None
        assert problem.first(1).linear is not None
        assert [s.label for s in problem.without(0).statements] == ["bounds"]
        assert problem.without(1).linear is not None


class TestRefusals:
    @pytest.mark.parametrize(("quantities", "shown"), [({}, "{}"), ([LOST], "[Uncertain(")])
    def test_no_quantities(self, quantities: object, shown: str) -> None:
        """Claims are about quantities by name."""
        text = refusal(quantities, [GAP])

        assert text.startswith(f"quantities is {shown}")
        assert text.endswith(
            ": expected the numbers that the claims are about, by name. Type for example "
            'reconcile({"lost": lost, "joined": joined}, claims).'
        )

    @pytest.mark.parametrize("claims", [[], GAP])
    def test_no_claims(self, claims: object) -> None:
        """There is something to take in, in a list."""
        assert refusal(Q, claims) == (
            f"claims is {claims!r}: expected a list of what is said of the quantities. Type for "
            "example reconcile(quantities, [Claim(relation=lost - joined, value=about(...), "
            'scale="difference")]).'
        )

    @pytest.mark.parametrize(
        ("number", "shown"), [(35_000, "35000"), (exactly(35_000), "exactly(35000)")]
    )
    def test_known_quantities(self, number: object, shown: str) -> None:
        """A claim says nothing new of a known number."""
        assert refusal({"joined": number}, [GAP]) == (
            f"quantity 'joined' is {shown}: expected an uncertain number, for a claim says nothing "
            "new of a known one. State what was known before the claims, for example with "
            "about(...) or uniform(...)."
        )

    def test_claims_are_claims(self) -> None:
        """A number is no claim."""
        assert refusal(Q, [GAP, 9_000]) == (
            "9000 is among the claims: expected a Claim. Type for example "
            'Claim(relation=lost - joined, value=..., scale="difference").'
        )

    def test_labels_differ(self) -> None:
        """Answers are given by the labels of claims."""
        named = Claim(relation=LOST, value=30_000, scale="difference", name="claim 1")

        assert refusal(Q, [GAP, named]) == (
            "two claims are both named 'claim 1': expected a name for each, as answers are given "
            "by it. Rename one of them."
        )

    @pytest.mark.parametrize(
        ("number", "shown"),
        [
            (about(500, sd=30, name="transfers"), "'transfers'"),
            (about(500, sd=30), "Normal(centre=500.0, sd=30.0)"),
        ],
    )
    def test_claims_on_other_numbers(self, number: Uncertain, shown: str) -> None:
        """What a relation rests on is among the quantities."""
        claim = Claim(relation=LOST + number, value=30_000, scale="difference", name="staff")

        assert refusal(Q, [claim]) == (
            f"staff rests on {shown}, which is not among the quantities (lost, joined, killed): "
            "expected a relation of those. Add it to the quantities, and use one object for one "
            "unknown."
        )

    def test_a_number_is_itself(self) -> None:
        """A relation is no measurement of itself."""
        claim = Claim(relation=LOST - JOINED, value=LOST - JOINED, scale="difference", name="staff")

        assert refusal(Q, [claim]) == (
            "staff says that a number is equal to itself: expected a relation and another number. "
            "State the value with its own spread, for example value=about(..., sd=...)."
        )

    @pytest.mark.parametrize("simulated", ["quantity", "claim"])
    def test_simulations(self, simulated: str) -> None:
        """What was drawn path by path is not weighed."""
        noise = Uncertain(Noise(key="steps", size=1))
        claim = Claim(relation=LOST, value=LOST + noise, scale="difference", name="staff")
        quantities = Q if simulated == "claim" else {"strength": LOST + noise}
        claims = [claim if simulated == "claim" else GAP]
        what = "staff" if simulated == "claim" else "quantity 'strength'"

        assert refusal(quantities, claims) == (
            f"{what} rests on a simulation, which cannot be weighed against claims. Reconcile the "
            "inputs first, and project with the posteriors."
        )

    def test_old_beside_new(self) -> None:
        """A claim on a number that was replaced is not on what replaced it."""
        lost, joined = correlate([LOST, JOINED], normal_scores=0.5)
        with pytest.raises(
            DependenceError,
            match="enters as it was before it was tied to others, and as it was after: ",
        ):
            problem_of({"lost": lost, "joined": joined}, [GAP])
