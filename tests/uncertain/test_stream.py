import hashlib

import numpy as np
import pytest

from attrition.errors import DependenceError, ParameterError
from attrition.uncertain import Uncertain, about, draws, uniform
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.node import Joint, Leaf, Noise, Unknown
from attrition.uncertain.stream import (
    DEFAULT_SEED,
    check_ties,
    generator,
    seed_from,
    seed_given,
    streams,
)
from tests.accounts.records import unchecked


class TestStreams:
    def test_a_name_decides(self) -> None:
        """A name is the stream, whatever the law."""
        a, b = Leaf(Normal(3.0, 1.0), "losses"), Leaf(Uniform(0.0, 1.0), "intake")

        assert streams([a, b]) == {a.uid: "name:losses", b.uid: "name:intake"}

    def test_without_a_name_family_and_parameters_do(self) -> None:
        """Unnamed equals are counted in order of appearance, others not."""
        a, b, c = (Leaf(Normal(3.0, 1.0)) for _ in range(3))
        other = Leaf(Normal(3.0, 2.0))
        found = streams([b, other, a, c])

        assert found[b.uid] == "Normal(centre=3.0, sd=1.0)#0"
        assert found[a.uid] == "Normal(centre=3.0, sd=1.0)#1"
        assert found[c.uid] == "Normal(centre=3.0, sd=1.0)#2"
        assert found[other.uid] == "Normal(centre=3.0, sd=2.0)#0"

    def test_a_named_one_does_not_count(self) -> None:
        """A named unknown leaves the numbering of the unnamed ones alone."""
        named, plain = Leaf(Normal(3.0, 1.0), "a"), Leaf(Normal(3.0, 1.0))

        assert streams([named, plain])[plain.uid] == "Normal(centre=3.0, sd=1.0)#0"

    def test_joints_and_noise(self) -> None:
        """A joint has the stream of its draws, noise that of what it belongs to."""
        joint, noise = Joint(np.ones((2, 3))), Noise("paths", 12)
        found = streams([joint, noise])

        assert found == {joint.uid: f"{joint.key}#0", noise.uid: "paths#0"}

    def test_one_name_means_one_unknown(self) -> None:
        """Two different unknowns of one name in one question are refused."""
        a, b = about(3, sd=1, name="losses"), uniform(0, 1, name="losses")
        for ask in (
            lambda: draws(a, b, n=2, rng=20260101),
            lambda: (a + b).median(),
            lambda: (a * b + 1.0).rvs(3, rng=20260101),
        ):
            with pytest.raises(DependenceError) as caught:
                ask()
            assert str(caught.value) == (
                "two different unknowns are both named 'losses': one name means one unknown. Use "
                "the same object twice for one unknown, or give the other another name."
            )

    def test_one_unknown_may_come_twice(self) -> None:
        """The same named unknown in several places is no contradiction."""
        a = about(3, sd=1, name="losses")
        first, twice = draws(a, a + a, n=3, rng=20260101)

        assert twice.tolist() == (2.0 * first).tolist()


class TestCheckTies:
    def test_what_goes_together(self) -> None:
        """Unknowns that replace none of the others pass, noise too, and one may come twice."""
        old, other = Leaf(Normal(3.0, 1.0), "old"), Leaf(Normal(3.0, 1.0))
        new = Leaf(Normal(3.0, 1.0), "new", replaces=frozenset({old.uid}))

        check_ties([new, other, new, Noise("paths", 12)])
        check_ties([old, other, old])

    @pytest.mark.parametrize(
        ("name", "label"), [("losses", "'losses'"), (None, "Normal(centre=3.0, sd=1.0)")]
    )
    def test_beside_what_took_its_place(self, name: str | None, label: str) -> None:
        """An unknown beside its successor is refused under its name, or its law."""
        old = Leaf(Normal(3.0, 1.0), name)
        new = Joint(np.ones((1, 3)), replaces=frozenset({old.uid, "gone"}))
        both: list[list[Unknown]] = [[old, new], [new, old]]
        for listed in both:
            with pytest.raises(DependenceError) as caught:
                check_ties(listed)
            assert str(caught.value) == (
                f"{label} enters as it was before it was tied to others, and as it was after: one "
                "question holds the old unknown and the new one. Build every record and "
                "expression from what correlate or reconcile returned."
            )

    def test_the_first_by_name(self) -> None:
        """Of several the one that comes first by name is named, in any order."""
        a, b = Leaf(Normal(3.0, 1.0), "a"), Leaf(Normal(4.0, 1.0), "b")
        new = Leaf(Normal(3.0, 1.0), replaces=frozenset({a.uid, b.uid}))
        for listed in ([b, a, new], [new, a, b]):
            with pytest.raises(DependenceError, match=r"^'a' enters"):
                check_ties(listed)

    def test_two_of_one_name(self) -> None:
        """Two different unknowns of one name are refused here as well."""
        a, b = Leaf(Normal(3.0, 1.0), "a"), Leaf(Uniform(0.0, 1.0), "a")
        with pytest.raises(DependenceError, match=r"^two different unknowns are both named 'a'"):
            check_ties([a, b])


class TestGenerator:
    def test_the_recipe(self) -> None:
        """Seed, stream and block make the generator, by a recipe that is part of the seed."""
        digest = hashlib.blake2b(b"name:losses", digest_size=16).digest()
        words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
        sequence = np.random.SeedSequence([7, *words], spawn_key=(3,))
        expected = np.random.Generator(np.random.SFC64(sequence)).random(4)

        assert generator(7, "name:losses", 3).random(4).tolist() == expected.tolist()

    def test_no_two_are_alike(self) -> None:
        """Another seed, stream or block gives other numbers."""
        first = generator(7, "a", 0).random()

        assert first == generator(7, "a", 0).random()
        assert first != generator(8, "a", 0).random()
        assert first != generator(7, "b", 0).random()
        assert first != generator(7, "a", 1).random()


class TestSeedFrom:
    def test_none_is_always_the_same(self) -> None:
        """Without a seed the answer is the same in every run."""
        assert seed_from(None) == DEFAULT_SEED == 20_260_201

    def test_whole_numbers_repeat_and_differ(self) -> None:
        """A seed repeats itself, and another one is another."""
        assert seed_from(7) == seed_from(7) == int(np.random.default_rng(7).integers(2**63))
        assert seed_from(7) != seed_from(8)

    def test_a_generator_goes_on(self) -> None:
        """A generator gives another seed each time, as it does elsewhere in numpy."""
        rng = np.random.default_rng(7)

        assert seed_from(rng) == seed_from(7)
        assert seed_from(rng) != seed_from(7)

    @pytest.mark.parametrize(
        "rng", [np.random.SeedSequence(7), np.random.PCG64(7), np.random.default_rng(7)]
    )
    def test_whatever_numpy_takes(self, rng: np.random.Generator) -> None:
        """Sequences and bit generators are seeds too."""
        assert seed_from(rng) == seed_from(7)

    @pytest.mark.parametrize("rng", ["a", -1, 2.5, True, object])
    def test_what_is_none(self, rng: object) -> None:
        """What numpy makes no generator of is refused."""
        with pytest.raises(ParameterError) as caught:
            unchecked(seed_from)(rng)
        assert str(caught.value) == (
            f"rng is {rng!r}: expected what numpy.random.default_rng takes, such as a whole "
            "number from 0 on or a Generator. Type for example rng=20260101."
        )


class TestSeedGiven:
    def test_nothing_is_random_by_accident(self) -> None:
        """Where draws are handed out, None is refused; a seed is the same one."""
        with pytest.raises(ParameterError) as caught:
            unchecked(seed_given)(None)
        assert str(caught.value) == (
            "rng is None: expected what numpy.random.default_rng takes, such as a whole number "
            "from 0 on or a Generator. Type for example rng=20260101."
        )
        assert seed_given(7) == seed_from(7)

    def test_draws_ask_for_it(self) -> None:
        """Neither draws of one number nor of several fall back on a fixed seed."""
        x = about(3, sd=1)
        with pytest.raises(ParameterError):
            unchecked(x.rvs)(3, rng=None)
        with pytest.raises(ParameterError):
            unchecked(draws)(x, n=3, rng=None)


class TestCommonRandomNumbers:
    """The spread over seeds of what a change makes of the mean of 10,000 draws."""

    SEEDS = range(20260101, 20260121)

    @staticmethod
    def _means(x: Uncertain, seeds: range) -> list[float]:
        return [float(draws(x, n=10_000, rng=seed)[0].mean()) for seed in seeds]

    def _spreads(self, base: Uncertain, changed: Uncertain) -> tuple[float, float]:
        """With the same seed for both, and with fresh seeds for the changed one."""
        before, after = self._means(base, self.SEEDS), self._means(changed, self.SEEDS)
        fresh = self._means(changed, range(20260121, 20260141))
        return float(np.std(np.subtract(after, before))), float(np.std(np.subtract(fresh, before)))

    def test_a_named_input_that_changes(self) -> None:
        """One changed input among named ones leaves only its own noise."""
        intake = about(34_000, sd=2_000, name="intake")
        before = about(38_000, sd=4_000, name="losses")
        after = about(34_200, sd=4_000, name="losses")
        same, fresh = self._spreads(intake - before, intake - after)

        print(f"changed input: {same:.3g} with common, {fresh:.3g} with fresh random numbers")
        assert fresh == pytest.approx(np.hypot(2_000, 4_000) * np.sqrt(2.0 / 10_000), rel=0.5)
        assert same < 1e-6 * fresh

    def test_an_input_that_is_added(self) -> None:
        """One more input leaves the draws of the others as they were."""
        intake = about(34_000, sd=2_000, name="intake")
        losses = about(38_000, sd=4_000)
        more = about(100, sd=5, name="aid")
        for changed in (more + intake - losses, intake - losses + more):
            same, fresh = self._spreads(intake - losses, changed)

            print(f"added input: {same:.3g} with common, {fresh:.3g} with fresh random numbers")
            assert same == pytest.approx(5.0 / 100.0, rel=0.5)
            assert same < 0.005 * fresh

    def test_the_draws_themselves(self) -> None:
        """Named or not, an input keeps every draw whatever stands beside it."""
        x, y = about(3, sd=1), about(5, sd=2, name="y")
        alone = draws(x, n=20, rng=20260101)[0], draws(y, n=20, rng=20260101)[0]
        beside = draws(uniform(0, 1), y, about(7, sd=1), x, n=20, rng=20260101)

        assert beside[3].tolist() == alone[0].tolist()
        assert beside[1].tolist() == alone[1].tolist()
