import pickle

import attrs
import numpy as np
import pytest
from hypothesis import given

from attrition._typing import FloatArray
from attrition.uncertain import Uncertain
from attrition.uncertain.empirical import Empirical, Weighted
from attrition.uncertain.families import Normal, Uniform
from attrition.uncertain.flat import flat, unflat
from attrition.uncertain.node import (
    UNBOUNDED,
    Apply,
    Column,
    Joint,
    Known,
    Leaf,
    Node,
    Noise,
    Operation,
    Simulation,
    Unknown,
    apply,
    evaluate,
    in_order,
    makes_atoms,
    unknowns,
)
from attrition.uncertain.operations import Add, Divide, Maximum, Multiply, Subtract
from tests.strategies import expressions


@attrs.frozen
class Drawn(Operation):
    """An operation that wants to be drawn."""

    scale: float

    @property
    def simulation(self) -> Simulation:
        return Simulation(80, 7)

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        return self.scale * arguments[0]


def _leaf(centre: float = 3.0) -> Leaf:
    return Leaf(Normal(centre, 1.5))


def _joint() -> Joint:
    return Joint(np.array([[1.0, 2.0, 4.0], [10.0, 30.0, 20.0]]))


class TestKnown:
    def test_equal_numbers_are_one(self) -> None:
        """Equal numbers have one identity, the two zeros too, others another."""
        assert Known(3.0).uid == Known(3.0).uid
        assert Known(0.0).uid == Known(-0.0).uid
        assert Known(3.0).uid != Known(np.nextafter(3.0, 4.0)).uid

    def test_the_bits_are_the_identity(self) -> None:
        """The identity of a known number is its eight bytes, lowest first."""
        assert Known(1.0).uid == "known:000000000000f03f"


class TestLeaf:
    def test_each_is_its_own(self) -> None:
        """Two leaves of one law are two unknowns with one key."""
        one, other = _leaf(), _leaf()

        assert one.uid != other.uid
        assert one.key == other.key == "Normal(centre=3.0, sd=1.5)"

    def test_place_and_draw(self) -> None:
        """A place of (0, 1) is a quantile, and draws are those of the law."""
        leaf = Leaf(Uniform(2.0, 6.0))
        rng, same = (np.random.default_rng(20260101) for _ in range(2))

        assert leaf.place(np.array([0.25, 0.5])).tolist() == [3.0, 4.0]
        assert leaf.draw(rng, 4).tolist() == leaf.law.draw(same, 4).tolist()


class TestJoint:
    def test_places_are_rows(self) -> None:
        """Each row has an equal share of (0, 1), its lower end included."""
        u = np.array([0.0, 0.333, 1.0 / 3.0, 0.66, 0.67, 1.0 - 2.0**-53])

        assert _joint().place(u).tolist() == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]

    def test_places_with_weights(self) -> None:
        """Each row has the share of its weight; rounding never leads to one without any."""
        joint = Joint(np.ones((1, 4)), weights=np.array([0.25, 0.0, 0.75, 0.0]))
        u = np.array([0.0, 0.24, 0.25, 0.9, 1.0])

        assert joint.place(u).tolist() == [0.0, 0.0, 2.0, 2.0, 2.0]

    def test_rows_are_drawn_from_the_uniforms(self) -> None:
        """A drawn row is the place of a uniform."""
        drawn = _joint().draw(np.random.default_rng(20260101), 50)
        uniforms = np.random.default_rng(20260101).random(50)

        assert drawn.tolist() == np.floor(3.0 * uniforms).tolist()

    def test_columns(self) -> None:
        """A column has the identity of its joint and its place, and the law of its values."""
        joint = _joint()
        first, second = Column(joint, 0, "killed"), Column(joint, 1, "wounded")

        assert first.uid == f"{joint.uid}:0"
        assert second.law == Empirical(np.array([10.0, 20.0, 30.0]))

    def test_columns_with_weights(self) -> None:
        """The law of a column has the weights of the joint."""
        joint = Joint(np.array([[4.0, 1.0]]), weights=np.array([0.25, 0.75]))
        law = Column(joint, 0, "a").law

        assert isinstance(law, Weighted)
        assert law.mean() == 1.75

    def test_values_are_read_only_and_stay_so(self) -> None:
        """Nothing changes the values, before a pickle or after it."""
        joint = Joint(np.ones((2, 3)), weights=np.array([0.5, 0.25, 0.25]))
        back = pickle.loads(pickle.dumps(joint))
        plain = pickle.loads(pickle.dumps(_joint()))

        for found in (joint, back):
            assert not found.values.flags.writeable
            assert found.weights is not None
            assert not found.weights.flags.writeable
        assert (back.uid, back.key) == (joint.uid, joint.key)
        assert plain.weights is None

    def test_key_is_a_digest(self) -> None:
        """Equal draws have one key, other draws and weights another."""
        shares = np.array([0.5, 0.25, 0.25])

        assert _joint().key == _joint().key
        assert _joint().key != Joint(_joint().values + 1.0).key
        assert _joint().key != Joint(_joint().values, weights=shares).key
        assert _joint().key.startswith("Joint(")


class TestNoise:
    def test_a_longer_column_begins_with_the_shorter(self) -> None:
        """More steps do not change the noise of the first ones."""
        short, long = Noise("steps", 2), Noise("steps", 5)
        drawn = short.draw(np.random.default_rng(20260101), 4)
        more = long.draw(np.random.default_rng(20260101), 4)

        assert drawn.shape == (2, 4)
        assert more[:2].tolist() == drawn.tolist()


class TestApply:
    def test_known_numbers_give_a_known_number(self) -> None:
        """Arithmetic of known numbers is done at once."""
        result = apply(Subtract(), Known(7.0), Known(2.5))

        assert isinstance(result, Known)
        assert result.value == 4.5

    def test_a_simulation_of_known_numbers_is_none(self) -> None:
        """What is drawn stays unknown, also from known numbers."""
        assert isinstance(apply(Drawn(2.0), Known(3.0)), Apply)

    def test_identity_from_operation_and_operands(self) -> None:
        """The same operation on the same operands is one number, another one is not."""
        a, b = _leaf(), _leaf()

        assert apply(Subtract(), a, b).uid == apply(Subtract(), a, b).uid
        assert apply(Subtract(), a, b).uid != apply(Subtract(), b, a).uid
        assert apply(Subtract(), a, b).uid != apply(Divide(), a, b).uid
        assert apply(Drawn(2.0), a).uid != apply(Drawn(3.0), a).uid

    def test_order_does_not_matter_where_it_does_not(self) -> None:
        """a + b is b + a, and a b is b a."""
        a, b = _leaf(), _leaf()

        assert apply(Add(), a, b).uid == apply(Add(), b, a).uid
        assert apply(Multiply(), a, b).uid == apply(Multiply(), b, a).uid
        assert apply(Add(), a, b).uid != apply(Multiply(), a, b).uid

    def test_no_warning_from_known_numbers(self) -> None:
        """An overflow of known numbers is infinity, without a warning of numpy's."""
        result = apply(Multiply(), Known(1e200), Known(1e200))

        assert isinstance(result, Known)
        assert result.value == np.inf


class TestInOrder:
    def test_arguments_come_first(self) -> None:
        """Every node comes once, after what it is made of."""
        a, b = _leaf(), _leaf()
        total = apply(Add(), a, b)
        root = apply(Multiply(), total, a)
        order = in_order([root, total])

        assert [node.uid for node in order] == [a.uid, b.uid, total.uid, root.uid]

    def test_noise_of_two_lengths(self) -> None:
        """One noise asked for at two lengths is two nodes, and twice at one length is one."""
        short, long = Noise("steps", 2, uid="n"), Noise("steps", 5, uid="n")

        assert in_order([short, long, short, Noise("steps", 5, uid="n")]) == [short, long]

    def test_a_long_chain(self) -> None:
        """A chain of 20,000 operations needs no recursion."""
        node: Node = _leaf()
        for _ in range(20_000):
            node = apply(Add(), node, Known(1.0))

        assert len(in_order([node])) == 20_002


class TestUnknowns:
    def test_each_once_in_order_of_appearance(self) -> None:
        """Leaves, joints and noise come once each; known numbers do not."""
        joint, leaf, noise = _joint(), _leaf(), Noise("steps", 3)
        columns = [Column(joint, i, "ab"[i]) for i in (1, 0)]
        order: list[Node] = [columns[0], leaf, Known(3.0), noise, columns[1], leaf]

        assert unknowns(order) == [joint, leaf, noise]

    def test_the_longest_noise_counts(self) -> None:
        """Noise of one identity in two lengths is drawn in the longer one."""
        short, long = Noise("steps", 2, uid="n"), Noise("steps", 5, uid="n")

        assert unknowns([short, long]) == [long]
        assert unknowns([long, short]) == [long]


class TestEvaluate:
    def test_values_in_every_draw(self) -> None:
        """Each number is computed from the draws of its unknowns."""
        a, joint = _leaf(), _joint()
        tied = apply(Multiply(), Column(joint, 0, "x"), Column(joint, 1, "y"))
        root = apply(Add(), tied, a)
        drawn = {a.uid: np.array([0.5, 0.25, 0.0]), joint.uid: np.array([2.0, 0.0, 1.0])}
        asked: list[str] = []

        def sample(unknown: Unknown) -> FloatArray:
            asked.append(unknown.uid)
            return drawn[unknown.uid]

        values = evaluate([root, Known(7.0), a], sample, 3)

        assert values[0].tolist() == [80.5, 10.25, 60.0]
        assert values[1].tolist() == [7.0, 7.0, 7.0]
        assert values[2].tolist() == [0.5, 0.25, 0.0]
        assert sorted(asked) == sorted([a.uid, joint.uid])

    def test_rows_of_noise(self) -> None:
        """A number with several rows keeps them, one value a draw."""
        noise = Noise("steps", 2)
        rows = np.arange(6.0).reshape(2, 3)
        (values,) = evaluate([apply(Drawn(2.0), noise)], lambda _: rows, 3)

        assert values.tolist() == [[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]


class TestFlat:
    def test_a_list_and_back(self) -> None:
        """A graph taken apart and put together is the same number, shared parts shared."""
        a = _leaf()
        total = apply(Add(), a, Known(3.0))
        root = apply(Multiply(), total, total)
        rows, places = flat(root)

        assert [places for _, places in rows] == [(), (), (0, 1), (2, 2)]
        assert [node.uid for node in unflat(rows, places)] == [root.uid]

    def test_several_roots(self) -> None:
        """Several graphs share one list, and come back in the order they had."""
        a, b = _leaf(), _leaf()
        total = apply(Add(), a, b)
        roots: list[Node] = [apply(Multiply(), total, a), b, total, b]
        rows, places = flat(*roots)

        assert len(rows) == 4
        assert places == [3, 1, 2, 1]
        assert [node.uid for node in unflat(rows, places)] == [root.uid for root in roots]

    def test_what_took_whose_place(self) -> None:
        """Unknowns still know after a pickle what they replaced."""
        leaf = Leaf(Normal(3.0, 1.5), replaces=frozenset({"one"}))
        joint = Joint(np.ones((1, 3)), replaces=frozenset({"two"}))
        back = pickle.loads(pickle.dumps(flat(leaf, Column(joint, 0, "a"))))
        found = unknowns(in_order(unflat(*back)))

        assert [u.replaces for u in found if not isinstance(u, Noise)] == [{"one"}, {"two"}]
        assert [u.uid for u in found] == [leaf.uid, joint.uid]

    @given(expressions())
    def test_any_expression(self, x: Uncertain) -> None:
        """Every expression comes back from its list."""
        assert unflat(*flat(x.node))[0].uid == x.node.uid


class TestMakesAtoms:
    def test_at_any_depth(self) -> None:
        """A larger-of-two anywhere below may give mass to single values, a sum does not."""
        a, b = _leaf(), _leaf()
        larger = apply(Maximum(), a, b)

        assert makes_atoms(apply(Add(), apply(Multiply(), larger, a), b))
        assert not makes_atoms(apply(Add(), a, b))
        assert not makes_atoms(a)


class TestOperation:
    def test_a_base_knows_nothing(self) -> None:
        """Without more an operation has no simulation, no bounds and no direction."""
        base = Operation()

        root = apply(base, _leaf())
        assert isinstance(root, Apply)
        assert base.simulation is None
        assert base.law_above(root, root) is None
        assert base.points_above([root], root) is None
        assert not base.makes_atoms
        assert not base.simulated
        assert base.bounds((1.0, 2.0)) == UNBOUNDED == (-np.inf, np.inf)
        assert base.signs((1.0, 2.0), (3.0, 4.0)) == (None, None)
        with pytest.raises(NotImplementedError):
            base(np.zeros(3))
