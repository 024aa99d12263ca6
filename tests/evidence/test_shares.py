import numpy as np
import pytest
from scipy import stats

from attrition.accounts import Category
from attrition.errors import CategoryError, MixError, ParameterError
from attrition.evidence import CasualtyMix
from attrition.uncertain import draws, share, total_of, uniform
from tests.accounts.records import lost, unchecked

K, W, MISSING, POW = Category.KILLED, Category.WOUNDED, Category.MIA, Category.POW
KIA, DOW, RTD, LOST = Category.KIA, Category.DOW, Category.WIA_RTD, Category.WIA_LOST
DEAD = share(0.2, 0.35, confidence=0.9)
ALPHA = {DOW: 4, KIA: 23, RTD: 41, LOST: 34, MISSING: 8, POW: 3, Category.DNB_DIED: 2.5}
PARTS = (
    "expected KILLED, or KIA and DOW; WOUNDED, or WIA_RTD and WIA_LOST; and MIA, POW and DNB_DIED "
    "where they are among those counted."
)


class TestShares:
    def test_two_parts(self) -> None:
        """The share of the killed comes back exactly, and the wounded are the rest."""
        mix = CasualtyMix.from_shares({K: DEAD}, rest=W)
        found = mix.share(K, of=Category.KILLED_AND_WOUNDED)

        assert found.method == "exact"
        for q in (0.01, 0.5, 0.9):
            assert found.ppf(q) == pytest.approx(DEAD.ppf(q), rel=1e-12)

    @pytest.mark.parametrize("rest", [W, K, MISSING])
    def test_every_share_comes_back(self, rest: Category) -> None:
        """In every draw the shares of the mix are those given, whichever part is the rest."""
        known = {K: uniform(0.2, 0.3), W: uniform(0.4, 0.55), MISSING: uniform(0.05, 0.1)}
        given = {part: value for part, value in known.items() if part != rest}
        mix = CasualtyMix.from_shares(given, rest=rest)
        whole = Category.KILLED_AND_WOUNDED | MISSING
        found = draws(*(mix.share(part, of=whole) for part in given), n=1_000, rng=20260101)
        expected = draws(*given.values(), n=1_000, rng=20260101)

        np.testing.assert_allclose(found, expected, rtol=1e-13)

    def test_halves(self) -> None:
        """Shares of halves give the ratios inside their wholes."""
        mix = CasualtyMix.from_shares({KIA: 0.18, DOW: 0.02, RTD: 0.5, POW: 0.1}, rest=LOST)
        shares = {part: mix.share(part, of=whole_of(mix)).value for part in mix.parts}

        assert shares == pytest.approx({KIA: 0.18, DOW: 0.02, RTD: 0.5, POW: 0.1, LOST: 0.2})
        assert mix.returned_per_wounded is not None
        assert mix.returned_per_wounded.value == pytest.approx(5 / 7)

    def test_they_sum_to_one(self) -> None:
        """In every draw the shares of all parts sum to 1."""
        mix = CasualtyMix.from_shares({K: DEAD, RTD: uniform(0.3, 0.4)}, rest=LOST)
        (total,) = draws(
            total_of(*(mix.share(part, of=whole_of(mix)) for part in mix.parts)),
            n=1_000,
            rng=20260102,
        )

        np.testing.assert_allclose(total, 1.0, rtol=1e-14)

    def test_where_they_came_from(self) -> None:
        """Shares of a count keep it in mind."""
        claim = lost()

        assert CasualtyMix.from_shares({K: 0.3}, rest=W, estimated_from=claim).estimated_from == (
            claim,
        )


def whole_of(mix: CasualtyMix) -> Category:
    """Everybody in a mix."""
    whole = Category(0)
    for part in mix.parts:
        whole |= part
    return whole


class TestDirichlet:
    def test_killed_and_wounded(self) -> None:
        """The share of the killed is a beta, found by one integral."""
        mix = CasualtyMix.from_shares(dirichlet={K: 27, W: 73})
        found = mix.share(K, of=Category.KILLED_AND_WOUNDED)
        q = np.array([0.001, 0.05, 0.5, 0.95, 0.999])

        assert found.method == "quadrature"
        np.testing.assert_allclose(found.ppf(q), stats.beta(27, 73).ppf(q), rtol=1e-8)

    @pytest.mark.parametrize("part", list(ALPHA))
    def test_every_share_is_a_beta(self, part: Category) -> None:
        """Each share of a Dirichlet is beta distributed, with the rest of the parameters."""
        mix = CasualtyMix.from_shares(dirichlet=ALPHA)
        found = mix.share(part, of=whole_of(mix)).rvs(20_000, rng=20260103)
        rest = sum(ALPHA.values()) - ALPHA[part]

        assert stats.kstest(found, stats.beta(ALPHA[part], rest).cdf).pvalue > 1e-4

    def test_covariances(self) -> None:
        """Two shares go down together as those of a Dirichlet do: covariance -a b / A^2 (A + 1)."""
        mix = CasualtyMix.from_shares(dirichlet=ALPHA)
        x, y = draws(
            mix.share(KIA, of=whole_of(mix)),
            mix.share(RTD, of=whole_of(mix)),
            n=200_000,
            rng=20260104,
        )
        total = sum(ALPHA.values())
        exact = stats.dirichlet(list(ALPHA.values())).cov()[1, 2]

        assert exact == pytest.approx(-23 * 41 / (total**2 * (total + 1)))
        # Standard error of a covariance: about the product of the two sds over sqrt(n), 1 % here.
        assert np.cov(x, y)[0, 1] == pytest.approx(exact, rel=0.04)

    def test_halves_are_exact(self) -> None:
        """How a whole divides is a beta of its own."""
        mix = CasualtyMix.from_shares(dirichlet=ALPHA)
        assert mix.returned_per_wounded is not None

        assert mix.returned_per_wounded.method == "exact"
        assert mix.returned_per_wounded.ppf(0.3) == pytest.approx(stats.beta(41, 34).ppf(0.3))

    def test_they_sum_to_one(self) -> None:
        """In every draw the shares of all parts sum to 1."""
        mix = CasualtyMix.from_shares(dirichlet=ALPHA)
        (total,) = draws(
            total_of(*(mix.share(part, of=whole_of(mix)) for part in mix.parts)),
            n=1_000,
            rng=20260105,
        )

        np.testing.assert_allclose(total, 1.0, rtol=1e-14)


class TestRefusals:
    @pytest.mark.parametrize(
        ("shares", "rest", "dirichlet"),
        [
            (None, None, None),
            ({K: 0.3}, None, None),
            (None, W, None),
            ({K: 0.3}, W, {K: 27, W: 73}),
            (None, W, {K: 27, W: 73}),
        ],
    )
    def test_one_or_the_other(self, shares: object, rest: object, dirichlet: object) -> None:
        """Shares with the part that is left, or a Dirichlet."""
        with pytest.raises(MixError) as caught:
            unchecked(CasualtyMix.from_shares)(shares, rest=rest, dirichlet=dirichlet)

        assert str(caught.value) == (
            f"shares is {shares}, rest is {rest} and dirichlet is {dirichlet}: expected shares "
            "with the part that makes up the rest, or a Dirichlet. Type for example "
            "CasualtyMix.from_shares({Category.KILLED: 0.27}, rest=Category.WOUNDED)."
        )

    @pytest.mark.parametrize(
        ("parts", "text"),
        [
            (
                [K, KIA, W],
                (
                    "the parts KILLED and KIA both hold KIA: expected parts that share nobody. "
                    "State each of them once."
                ),
            ),
            ([K, W, Category.DNB_LOST], f"DNB_LOST is no part of a mix: {PARTS}"),
            (
                [Category.KILLED_AND_WOUNDED, MISSING | POW],
                (f"KILLED_AND_WOUNDED and MIA | POW is no part of a mix: {PARTS}"),
            ),
            ([KIA, W], f"the parts KIA and WOUNDED do not hold all KILLED: {PARTS}"),
            (
                [K, RTD, MISSING],
                (f"the parts KILLED, WIA_RTD and MIA do not hold all WOUNDED: {PARTS}"),
            ),
        ],
    )
    def test_parts(self, parts: list[Category], text: str) -> None:
        """Parts make up a mix, for shares as for a Dirichlet."""
        with pytest.raises(MixError) as by_shares:
            CasualtyMix.from_shares(dict.fromkeys(parts[:-1], 0.1), rest=parts[-1])
        with pytest.raises(MixError) as by_dirichlet:
            CasualtyMix.from_shares(dirichlet=dict.fromkeys(parts, 3))

        assert (str(by_shares.value), str(by_dirichlet.value)) == (text, text)

    def test_parts_are_categories(self) -> None:
        """A text is no part."""
        with pytest.raises(CategoryError, match=r"^a part is 'KILLED': expected a Category\."):
            unchecked(CasualtyMix.from_shares)({"KILLED": 0.3}, rest=W)

    def test_more_than_all(self) -> None:
        """Shares that sum to more than 1 leave nobody for the rest."""
        with pytest.raises(MixError) as caught:
            CasualtyMix.from_shares({K: 0.3, RTD: uniform(0.5, 0.9)}, rest=LOST)

        assert str(caught.value) == (
            "the shares of KILLED and WIA_RTD sum to more than 1 with probability 0.5: expected "
            "what leaves WIA_LOST a share from 0 on. Type smaller shares, or a Dirichlet, whose "
            "shares always sum to 1: "
            "CasualtyMix.from_shares(dirichlet={Category.KILLED: 27, Category.WOUNDED: 73})."
        )

    def test_each_share(self) -> None:
        """A share in per cent names its part."""
        with pytest.raises(MixError, match=r"^the share of KILLED is 27: expected a share inside"):
            CasualtyMix.from_shares({K: 27}, rest=W)

    def test_nobody_killed(self) -> None:
        """A mix is made of ratios to the killed."""
        with pytest.raises(MixError) as caught:
            CasualtyMix.from_shares({K: 0}, rest=W)

        assert str(caught.value) == (
            "the share of KILLED is 0: expected some, for a mix is made of ratios to them. State "
            "the others as LossEstimate.central(...) of their own."
        )

    def test_parameters(self) -> None:
        """A parameter of a Dirichlet is above 0."""
        with pytest.raises(ParameterError, match=r"^the parameter of WOUNDED is 0: expected more"):
            CasualtyMix.from_shares(dirichlet={K: 27, W: 0})
