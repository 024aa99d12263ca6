from attrition.evidence.below import uids_of, unknowns_of
from attrition.uncertain import about, exactly, from_joint_draws
from attrition.uncertain.node import Column, Joint, Leaf, Noise

X, Y = about(3, sd=1), about(5, sd=2, name="y")


class TestUnknownsOf:
    def test_each_once(self) -> None:
        """An unknown that several numbers rest on is listed once, a joint one too."""
        tied = from_joint_draws({"a": [1, 2], "b": [4, 3]})
        found = unknowns_of([(X + Y).node, (X * tied["a"]).node, tied["b"].node])
        column = tied["a"].node

        assert isinstance(column, Column)
        assert [type(unknown) for unknown in found] == [Leaf, Leaf, Joint]
        assert [u.uid for u in found] == [X.node.uid, Y.node.uid, column.joint.uid]

    def test_noise_is_none(self) -> None:
        """What differs from step to step of a simulation has no place in (0, 1)."""
        assert unknowns_of([Noise(key="steps", size=3), X.node]) == [X.node]


class TestUidsOf:
    def test_known_numbers_have_none(self) -> None:
        """A known number rests on nothing."""
        assert uids_of([exactly(3).node]) == frozenset()
        assert uids_of([(X - Y).node, X.node]) == {X.node.uid, Y.node.uid}
