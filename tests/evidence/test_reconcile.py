import math
import pickle

import numpy as np
import pytest

from attrition.errors import ClaimError, ContradictionError, DependenceError
from attrition.evidence import Claim, Reconciled, reconcile
from attrition.uncertain import (
    Uncertain,
    about,
    between,
    correlate,
    draws,
    exactly,
    log,
    probability,
    share,
    uniform,
)
from attrition.uncertain.families import LogNormal
from attrition.uncertain.leaf import new_leaf
from tests.accounts.records import unchecked

LOST, JOINED = about(31_000, sd=5_000, name="lost"), about(35_000, sd=4_000, name="joined")
KILLED = between(5_000, 20_000, confidence=0.9, family="lognormal", name="killed")
RATIO = between(1.3, 3.4, confidence=0.9, family="lognormal", name="ratio")
SHARE = share(0.4, 0.7, confidence=0.9, name="share")

GAP = Claim(relation=LOST - JOINED, value=about(9_000, sd=6_000), scale="difference", name="gap")
STATED = Claim(relation=JOINED, value=about(30_000, sd=500), scale="difference", name="joined")
EXACT = Claim(relation=LOST + JOINED, value=60_000, scale="difference", name="sum")
WOUNDED = Claim(
    relation=KILLED * RATIO,
    value=between(15_000, 25_000, confidence=0.9, family="lognormal"),
    scale="log",
    name="wounded",
)
TIED = correlate([about(12_000, sd=2_000), about(13_000, sd=1_500)], normal_scores=-0.7)

CASES: list[tuple[dict[str, Uncertain], list[Claim]]] = [
    ({"lost": LOST, "joined": JOINED}, [GAP]),
    ({"lost": LOST, "joined": JOINED}, [GAP, STATED]),
    ({"lost": LOST, "joined": JOINED}, [GAP, EXACT]),
    ({"killed": KILLED, "ratio": RATIO}, [WOUNDED]),
    ({"lost": LOST, "joined": JOINED, "killed": KILLED, "ratio": RATIO}, [GAP, STATED, WOUNDED]),
    (
        {"a": TIED[0], "b": TIED[1]},
        [Claim(relation=TIED[0] + 2 * TIED[1], value=about(4e4, sd=300), scale="difference")],
    ),
]


def on_normal_scale(number: Uncertain) -> Uncertain:
    """The number, or the logarithm of a lognormal one."""
    return log(number) if number.support()[0] >= 0.0 else number


def given(claims: list[Claim], **quantities: Uncertain) -> Reconciled:
    """Quantities given claims."""
    return reconcile(quantities, claims)


class TestWorkedNumbers:
    def test_a_claim_is_evidence_not_the_answer(self) -> None:
        """N(-4,000; 6,403) and a claim of 9,000 +- 6,000 give 2,922, by precisions."""
        found = given([GAP], lost=LOST, joined=JOINED)
        deficit = found.posterior_of(LOST - JOINED)
        precision = 1 / 41e6 + 1 / 36e6

        assert round(deficit.mean()) == 2_922
        assert deficit.mean() == pytest.approx(
            (-4_000 / 41e6 + 9_000 / 36e6) / precision, rel=1e-12
        )
        assert deficit.std() == pytest.approx(precision**-0.5, rel=1e-12)
        assert (found.method, found.effective_draws, found.errors["lost"]) == ("exact", math.inf, 0)
        # Each moves by its share of the prior variance.
        moved = deficit.mean() + 4_000
        assert found.posterior["lost"].mean() == pytest.approx(31_000 + moved * 25 / 41, rel=1e-12)
        assert found.posterior["joined"].mean() == pytest.approx(
            35_000 - moved * 16 / 41, rel=1e-12
        )

    @pytest.mark.parametrize("method", ["auto", "importance"])
    def test_differences_and_ratios(self, method: str) -> None:
        """That a total is 3.6 times the killed gives 9,006 on differences, 9,182 on ratios."""
        s, t = (math.sqrt(math.log1p(cv**2)) for cv in (0.4, 0.15))
        killed = new_leaf(LogNormal(10_000, s), None)
        total = new_leaf(LogNormal(33_000 * math.exp(-t * t / 2), t), None)
        var = 1 / (1 / s**2 + 1 / t**2)
        ratio = math.exp(var * (math.log(10_000) / s**2 + math.log(total.median() / 3.6) / t**2))

        medians = {}
        for scale in ("difference", "log"):
            claim = Claim(relation=total, value=3.6 * killed, scale=scale)
            found = unchecked(reconcile)(
                {"killed": killed} | {"total": total}, [claim], method=method
            )
            medians[scale] = found.posterior["killed"].median()
            assert (found.posterior["total"] / found.posterior["killed"]).ppf(
                [0.01, 0.99]
            ) == pytest.approx([3.6, 3.6], rel=1e-9)
        assert [round(m) for m in medians.values()] == [9_006, 9_182]
        assert medians["log"] == pytest.approx(ratio, rel=2e-5)
        # On differences the density has one more power of the total, which moves a median by
        # exp(-variance); 33,000 / 40 points a standard deviation is good for a few hundredths.
        assert medians["difference"] == pytest.approx(ratio * math.exp(-var), rel=2e-5)


class TestBothRoutes:
    @pytest.mark.parametrize(("quantities", "claims"), CASES)
    def test_weighted_worlds_agree_with_the_closed_form(
        self, quantities: dict[str, Uncertain], claims: list[Claim]
    ) -> None:
        """Means and standard deviations within a thousandth of a standard deviation."""
        exact = reconcile(quantities, claims)
        worlds = reconcile(quantities, claims, method="importance")
        asked = [*quantities.values(), *(claim.relation for claim in claims)]

        assert (exact.method, worlds.method) == ("exact", "importance")
        assert worlds.effective_draws > 10_000
        for number in asked:
            scaled = on_normal_scale(number)
            here, there = exact.posterior_of(scaled), worlds.posterior_of(scaled)
            sd = here.std()
            assert there.mean() == pytest.approx(
                here.mean(), abs=1e-3 * sd + 1e-9 * abs(here.mean())
            )
            assert there.std() == pytest.approx(sd, rel=1e-3, abs=1e-6)

    @pytest.mark.parametrize(("quantities", "claims"), CASES)
    def test_their_contradictions_agree(
        self, quantities: dict[str, Uncertain], claims: list[Claim]
    ) -> None:
        """So do the tail probabilities, within their numerical error."""
        exact = reconcile(quantities, claims).contradiction
        worlds = reconcile(quantities, claims, method="importance").contradiction

        assert worlds.p_value == pytest.approx(exact.p_value, abs=6 * worlds.error)
        assert worlds.by_claim == pytest.approx(exact.by_claim, abs=3e-3)

    def test_no_silent_change_of_method(self) -> None:
        """What has no closed form is refused when that is asked for."""
        claim = Claim(relation=LOST * SHARE, value=about(15_000, sd=500), scale="difference")
        with pytest.raises(ClaimError) as caught:
            reconcile({"lost": LOST, "share": SHARE}, [claim], method="exact")

        assert str(caught.value) == (
            'method is "exact", and the claims have no closed form: expected relations that are '
            "linear in normal numbers, or on the log scale products of lognormal ones. Type "
            'method="auto" for weighted worlds.'
        )
        assert given([claim], lost=LOST, share=SHARE).method == "importance"

    def test_methods(self) -> None:
        """There are three ways to ask."""
        with pytest.raises(ClaimError) as caught:
            unchecked(reconcile)({"lost": LOST, "joined": JOINED}, [GAP], method="mcmc")

        assert str(caught.value) == (
            'method is \'mcmc\': expected "auto", "exact" or "importance". '
            'Type method="auto", which takes the closed form where there is one.'
        )


# By rejection from 300 million worlds: mean, its standard error, standard deviation, its standard
# error. Made by tests/bench/reference_reconcile.py.
REJECTION = {
    "killed": (9937.79485, 0.24, 1068.68454, 0.12),
    "wounded_per_killed": (2.22079573, 8.3e-05, 0.366515699, 5.5e-05),
    "returned": (0.523505476, 1.5e-05, 0.0661869877, 1e-05),
    "total": (31695.9894, 0.5, 2210.19601, 0.35),
}


@pytest.fixture(scope="module")
def found() -> Reconciled:
    """Killed, wounded and returned, given three claims that are not linear."""
    total, for_good = KILLED * (1 + RATIO), KILLED * RATIO * (1 - SHARE)
    left = between(8_000, 14_000, confidence=0.9, family="lognormal")
    return given(
        [
            Claim(relation=total, value=about(31_680, sd=2_500), scale="difference"),
            Claim(relation=for_good, value=left, scale="log"),
            Claim(relation=KILLED, value=uniform(8_000, 12_000), scale="difference"),
        ],
        killed=KILLED,
        wounded_per_killed=RATIO,
        returned=SHARE,
        total=total,
    )


class TestNonlinear:
    @pytest.mark.parametrize("name", REJECTION)
    def test_rejection(self, found: Reconciled, name: str) -> None:
        """Moments are those of worlds kept by rejection, within four standard errors of both."""
        mean, error, sd, error_of_sd = REJECTION[name]
        number = found.posterior[name]

        assert number.mean() == pytest.approx(mean, abs=4 * math.hypot(error, found.errors[name]))
        # The copies state no error of a spread: that of the mean stands in for it.
        assert number.std() == pytest.approx(
            sd, abs=4 * math.hypot(error_of_sd, found.errors[name])
        )
        assert found.errors[name] < 1e-3 * sd

    def test_posteriors_stay_tied(self, found: Reconciled) -> None:
        """The parts make up the whole in every world, and bounds hold in every world."""
        p = found.posterior
        total, parts = draws(
            p["total"], p["killed"] * (1 + p["wounded_per_killed"]), n=1_000, rng=20260101
        )

        assert total == pytest.approx(parts, rel=1e-12)
        assert p["killed"].support()[0] >= 8_000
        assert probability(p["killed"] <= 12_000) == 1.0


class TestLaws:
    @pytest.mark.parametrize(("quantities", "claims"), CASES)
    def test_order_does_not_matter(
        self, quantities: dict[str, Uncertain], claims: list[Claim]
    ) -> None:
        """Claims are taken in together."""
        forth, back = reconcile(quantities, claims), reconcile(quantities, claims[::-1])

        for name in quantities:
            assert forth.posterior[name].mean() == pytest.approx(
                back.posterior[name].mean(), rel=1e-10
            )
            assert forth.posterior[name].std() == pytest.approx(
                back.posterior[name].std(), rel=1e-8
            )

    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_one_after_another(self, method: str) -> None:
        """Taking in a second claim on the posterior is taking in both."""
        both = given([GAP, STATED], lost=LOST, joined=JOINED)
        first = unchecked(reconcile)({"lost": LOST, "joined": JOINED}, [GAP], method=method)
        after = reconcile(
            first.posterior,
            [
                Claim(
                    relation=first.posterior["joined"],
                    value=about(30_000, sd=500),
                    scale="difference",
                )
            ],
        )

        for name in ("lost", "joined"):
            # Worlds that are taken up again are drawn by rows: a hundredth of a deviation.
            tolerance = 1e-9 if method == "exact" else 2e-2
            sd = both.posterior[name].std()
            assert after.posterior[name].mean() == pytest.approx(
                both.posterior[name].mean(), abs=tolerance * sd
            )
            assert after.posterior[name].std() == pytest.approx(sd, rel=tolerance)

    def test_what_no_claim_touches_stays_what_it_was(self) -> None:
        """An untouched quantity is the same unknown, and a posterior stays tied to it."""
        found = given([GAP], lost=LOST, joined=JOINED, share=SHARE, part=LOST * SHARE)

        assert found.posterior["share"] == SHARE
        assert found.posterior["part"] == found.posterior["lost"] * SHARE

    def test_a_claim_without_weight(self) -> None:
        """A claim of enormous spread changes nothing."""
        vague = Claim(relation=LOST, value=about(0, sd=1e12), scale="difference")
        found = given([vague], lost=LOST)

        assert found.posterior["lost"].mean() == pytest.approx(31_000, rel=1e-9)
        assert found.posterior["lost"].std() == pytest.approx(5_000, rel=1e-9)

    def test_an_exact_claim_settles_its_number(self) -> None:
        """Nothing is left of what is claimed exactly, by either route."""
        claims = [Claim(relation=LOST - JOINED, value=-1_000, scale="difference"), EXACT]
        found = given(claims, lost=LOST, joined=JOINED)
        known = given([Claim(relation=SHARE, value=0.5, scale="log")], share=SHARE)

        assert found.posterior["lost"].value == pytest.approx(29_500, rel=1e-12)
        assert found.posterior["joined"].value == pytest.approx(30_500, rel=1e-12)
        assert known.posterior["share"].mean() == pytest.approx(0.5, rel=1e-12)
        assert known.posterior["share"].std() == pytest.approx(0.0, abs=1e-9)

    def test_tied_values(self) -> None:
        """Two sources that copy each other count little more than one."""
        one, other = (about(33_000, sd=1_500) for _ in range(2))
        copied = correlate([one, other], normal_scores=0.98)

        def spread(*values: Uncertain) -> float:
            claims = [Claim(relation=LOST, value=value, scale="difference") for value in values]
            return given(claims, lost=LOST).posterior["lost"].std()

        assert spread(one) == pytest.approx(1 / math.hypot(1 / 5_000, 1 / 1_500), rel=1e-9)
        # The mean of two errors with correlation 0.98 has 0.99 of the variance of one.
        variance = 0.99 * 1_500**2
        assert spread(*copied) == pytest.approx((1 / 5_000**2 + 1 / variance) ** -0.5, rel=1e-9)

    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_runs_repeat(self, method: str) -> None:
        """The same claims on the same quantities leave the same unknowns, by either route."""
        quantities = {"lost": LOST, "joined": JOINED}
        one, other = (unchecked(reconcile)(quantities, [GAP], method=method) for _ in range(2))
        wider = Claim(relation=GAP.relation, value=about(9_000, sd=7_000), scale="difference")
        third = unchecked(reconcile)(quantities, [wider], method=method)

        assert one.posterior["lost"] == other.posterior["lost"]
        assert (one.posterior["lost"] - other.posterior["lost"]).std() == 0.0
        assert one.posterior["lost"] != third.posterior["lost"]


class TestReconciled:
    def test_text(self) -> None:
        """A table of before and after, how it was found, and the contradiction."""
        assert str(given([GAP], lost=LOST, joined=JOINED)) == (
            "quantity  before                             given the claims\n"
            "--------  ---------------------------------  ---------------------------------\n"
            "lost      31,000 (22,776 to 39,224 at 90 %)  35,221 (28,462 to 41,979 at 90 %)\n"
            "joined    35,000 (28,421 to 41,579 at 90 %)  32,299 (26,443 to 38,155 at 90 %)\n"
            "Found by closed form.\n"
            "Claims as far from what was known before as these: very unlikely (14 %)."
        )

    def test_text_of_worlds(self) -> None:
        """Weighted worlds say how many draws they are worth."""
        found = reconcile({"lost": LOST, "joined": JOINED}, [GAP], method="importance")

        assert f"\nFound by weighted worlds worth {found.effective_draws:,.0f} draws.\n" in str(
            found
        )

    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_pickle(self, method: str) -> None:
        """A pickled result answers as before, and its numbers are the same unknowns."""
        found = unchecked(reconcile)({"lost": LOST, "joined": JOINED}, [GAP], method=method)
        again = pickle.loads(pickle.dumps(found))

        assert again == found
        assert hash(again) == hash(found)
        assert again.posterior_of(LOST - JOINED) == found.posterior_of(LOST - JOINED)
        assert (again.posterior["lost"] - found.posterior["lost"]).std() == 0.0

    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_expressions(self, method: str) -> None:
        """A posterior of an expression is the expression of the posteriors."""
        found = unchecked(reconcile)({"lost": LOST, "joined": JOINED}, [GAP], method=method)
        p = found.posterior

        assert (found.posterior_of(LOST / JOINED) - p["lost"] / p["joined"]).std() == 0.0
        assert found.posterior_of(SHARE) == SHARE

    def test_expressions_are_numbers(self) -> None:
        """A name is no expression."""
        found = given([GAP], lost=LOST, joined=JOINED)
        with pytest.raises(ClaimError) as caught:
            unchecked(found.posterior_of)("lost")

        assert str(caught.value) == (
            "expression is 'lost': expected an uncertain number computed from the quantities. "
            "Type for example posterior_of(lost - joined)."
        )

    def test_joint_draws(self) -> None:
        """Posteriors of one run come from one world in every draw."""
        found = reconcile({"lost": LOST, "joined": JOINED}, [EXACT], method="importance")
        lost, joined = draws(*found.posterior.values(), n=1_000, rng=20260101)

        assert lost + joined == pytest.approx(np.full(1_000, 60_000.0), rel=1e-12)


class TestRefusals:
    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_prior_and_posterior_in_one_expression(self, method: str) -> None:
        """What was known before and what is known now are one unknown, not two."""
        found = unchecked(reconcile)({"lost": LOST, "joined": JOINED}, [GAP], method=method)
        with pytest.raises(DependenceError) as caught:
            (found.posterior["lost"] - LOST).mean()

        assert str(caught.value) == (
            "'lost' enters as it was before it was tied to others, and as it was after: one "
            "question holds the old unknown and the new one. Build every record and expression "
            "from what correlate or reconcile returned."
        )

    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_a_value_is_used_up(self, method: str) -> None:
        """The posterior rests on the claimed value, which is no longer independent of it."""
        found = unchecked(reconcile)({"lost": LOST, "joined": JOINED}, [GAP], method=method)
        with pytest.raises(DependenceError, match="enters as it was before"):
            (found.posterior["lost"] - GAP.value).mean()

    def test_mixed_in_a_second_run(self) -> None:
        """A claim on the prior says nothing of the posterior."""
        found = given([GAP], lost=LOST, joined=JOINED)
        with pytest.raises(DependenceError, match=r"^'lost' enters as it was before"):
            reconcile(found.posterior, [Claim(relation=LOST, value=3e4, scale="difference")])

    @pytest.mark.parametrize("method", ["exact", "importance"])
    def test_two_posteriors_of_one_prior(self, method: str) -> None:
        """After different claims a quantity is two different numbers, which do not mix."""
        other = Claim(relation=LOST, value=about(3e4, sd=500), scale="difference")
        quantities = {"lost": LOST, "joined": JOINED}
        first = unchecked(reconcile)(quantities, [GAP], method=method).posterior
        second = unchecked(reconcile)(quantities, [other], method=method).posterior
        with pytest.raises(DependenceError, match=r"^two numbers took the place of one unknown"):
            (first["joined"] + second["lost"]).mean()

        again = unchecked(reconcile)(quantities, [GAP], method=method).posterior
        assert (first["lost"] - again["lost"]).std() == 0.0

    def test_a_prior_of_the_prior(self) -> None:
        """Two runs on, the first unknown is still replaced."""
        first = given([GAP], lost=LOST, joined=JOINED).posterior
        claim = Claim(relation=first["lost"], value=about(3e4, sd=500), scale="difference")
        second = reconcile(first, [claim]).posterior
        with pytest.raises(DependenceError, match=r"^'lost' enters as it was before"):
            (second["joined"] + LOST).mean()

    def test_exact_claims_that_exclude_each_other(self) -> None:
        """The message names the first claim that leaves nothing, and those before it."""
        claims = [
            Claim(relation=LOST, value=30_000, scale="difference", name="first"),
            GAP,
            Claim(relation=2 * LOST, value=62_000, scale="difference", name="second"),
        ]
        with pytest.raises(ContradictionError) as caught:
            given(claims, lost=LOST, joined=JOINED)

        assert str(caught.value) == (
            "nothing satisfies second, given first, gap: it says 62,000 of a number that was "
            "62,000 (45,551 to 78,449 at 90 %) before any claim. Drop one of the claims, or state "
            "the spread that its figure has, for example value=about(..., sd=...)."
        )

    @pytest.mark.parametrize("value", [exactly(1.5), uniform(2, 3)])
    def test_claims_out_of_bounds(self, value: Uncertain) -> None:
        """A share above one satisfies nothing."""
        claim = Claim(relation=SHARE, value=value, scale="difference")
        with pytest.raises(ContradictionError) as caught:
            given([claim], share=SHARE)

        assert str(caught.value) == (
            f"nothing satisfies claim 1: it says {value} of a number that was 0.555 (0.400 to "
            "0.700 at 90 %) before any claim. Drop one of the claims, or state the spread that its "
            "figure has, for example value=about(..., sd=...)."
        )

    def test_claims_are_a_list(self) -> None:
        """One claim alone goes into a list too."""
        with pytest.raises(ClaimError, match=r"^claims is Claim"):
            unchecked(reconcile)({"lost": LOST, "joined": JOINED}, GAP)
