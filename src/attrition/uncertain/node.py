"""The graph behind an uncertain number: unknowns, and what was computed from them."""

import functools
import hashlib
import struct
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple, TypeAlias, final

import attrs
import numpy as np

from attrition._typing import FloatArray
from attrition.uncertain.empirical import frozen_array, law_of_points
from attrition.uncertain.law import Law
from attrition.uncertain.quantile_table import drawn, placed

__all__ = [
    "Apply",
    "Bounds",
    "Column",
    "Evaluated",
    "Joint",
    "Known",
    "Leaf",
    "Node",
    "Noise",
    "Operation",
    "Simulation",
    "Unknown",
    "act",
    "apply",
    "evaluate",
    "in_order",
    "is_act",
    "makes_atoms",
    "node_key",
    "unknowns",
]

Bounds: TypeAlias = tuple[float, float]
"""The smallest and the largest value that a number can take."""

UNBOUNDED: Bounds = (-np.inf, np.inf)


class Simulation(NamedTuple):
    """How a simulated number is drawn: alike wherever it appears."""

    draws: int
    seed: int


class Evaluated(NamedTuple):
    """
    Values of unknowns in independent copies of equal size.

    Attributes:
        values: By uid, the copies one after another along the last axis.

        size: How many values there are.
    """

    values: Mapping[str, FloatArray]
    size: int


class Operation:
    """
    A function of numbers, elementwise over draws.

    Subclasses are frozen records; their repr is their identity.
    """

    commutative: ClassVar[bool] = False

    makes_atoms: ClassVar[bool] = False
    """Whether single values may have mass although no argument has."""

    simulated: ClassVar[bool] = False
    """Whether it is a question to a simulation, which no closed form looks into."""

    @property
    def simulation(self) -> Simulation | None:
        """The draws that this operation needs, None for plain arithmetic."""
        return None

    def law_above(self, root: "Node", mine: "Apply") -> Law | None:
        """
        The law of a number above a simulation, where it is found without one.

        Args:
            root: The number.

            mine: The node of this operation, somewhere below it.
        """
        return None

    def points_above(self, roots: Sequence["Node"], mine: "Apply") -> "Evaluated | None":
        """
        Where numbers above a simulation are to be looked at instead of at draws, None for draws.

        Args:
            roots: The numbers.

            mine: The node of this operation, somewhere below them.
        """
        return None

    def __call__(self, *arguments: FloatArray) -> FloatArray:
        """The value in every draw."""
        raise NotImplementedError

    def bounds(self, *arguments: Bounds) -> Bounds:
        """Where the value lies, from where the arguments lie."""
        return UNBOUNDED

    def signs(self, *arguments: Bounds) -> tuple[int | None, ...]:
        """For each argument +1 if the value rises with it, -1 if it falls, None if neither."""
        return (None,) * len(arguments)


def _new_uid() -> str:
    return uuid.uuid4().hex


def act(identity: str | None = None) -> str:
    """
    The mark of one call that puts new unknowns in the place of others.

    Args:
        identity: What the call is known by; None for one that is like no other.

    Examples:
        >>> is_act(act()), act("a") == act("a"), act() == act()
        (True, True, False)
    """
    return f"act:{identity or _new_uid()}"


def is_act(mark: str) -> bool:
    """Whether an entry of ``replaces`` marks a call and not an unknown."""
    return mark.startswith("act:")


@final
@attrs.frozen(eq=False)
class Known:
    """A number that is known; equal numbers are one node."""

    value: float

    @functools.cached_property
    def uid(self) -> str:
        """The bits of the number; minus zero is zero."""
        return f"known:{struct.pack('<d', self.value + 0.0).hex()}"


@final
@attrs.frozen(eq=False)
class Leaf:
    """
    One unknown with its law.

    Attributes:
        replaces: The identities of unknowns that it took the place of, and the marks of the
            calls in which it did (:func:`act`).
    """

    law: Law
    name: str | None = None
    uid: str = attrs.field(factory=_new_uid)
    replaces: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Family and parameters."""
        return self.law.key

    def place(self, u: FloatArray) -> FloatArray:
        """The values at the places ``u`` of (0, 1)."""
        return placed(self.law, u)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """``n`` random values."""
        return drawn(self.law, rng, n)


@final
@attrs.frozen(eq=False)
class Joint:
    """
    Several unknowns known only together, by draws.

    Attributes:
        values: Shape (columns, draws).

        weights: Probabilities of the draws, which sum to one, shape (draws,); None where all
            are equally likely.

        replaces: The identities of unknowns that they took the place of, and the marks of the
            calls in which they did.
    """

    values: FloatArray = attrs.field(converter=frozen_array)
    name: str | None = None
    uid: str = attrs.field(factory=_new_uid)
    weights: FloatArray | None = attrs.field(
        default=None, converter=attrs.converters.optional(frozen_array)
    )
    replaces: frozenset[str] = frozenset()

    def __reduce__(self) -> tuple[type["Joint"], tuple[object, ...]]:
        # Rebuilt rather than copied, so that the values are read-only again.
        return Joint, (self.values, self.name, self.uid, self.weights, self.replaces)

    @property
    def key(self) -> str:
        """A digest of the draws and their weights."""
        digest = hashlib.blake2b(self.values.tobytes(), digest_size=8)
        if self.weights is not None:
            digest.update(self.weights.tobytes())
        return f"Joint({digest.hexdigest()})"

    def place(self, u: FloatArray) -> FloatArray:
        """The rows at the places ``u`` of (0, 1), as whole floats."""
        if self.weights is None:
            return np.asarray(np.floor(u * self.values.shape[1]), dtype=np.float64)
        # What rounding leaves between the last sum and one belongs to the last possible row.
        edges = np.cumsum(self.weights)
        last = np.flatnonzero(self.weights)[-1]
        rows = np.searchsorted(edges, u, side="right")
        return np.asarray(np.minimum(rows, last), dtype=np.float64)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """``n`` random rows, as whole floats."""
        return self.place(rng.random(n))


@final
@attrs.frozen(eq=False)
class Column:
    """One of the unknowns of a joint."""

    joint: Joint
    index: int
    label: str

    @property
    def uid(self) -> str:
        """The identity of the joint and the place in it."""
        return f"{self.joint.uid}:{self.index}"

    @property
    def law(self) -> Law:
        """The law of this column alone."""
        return law_of_points(self.joint.values[self.index], self.joint.weights, drawn=True)


@final
@attrs.frozen(eq=False)
class Noise:
    """
    A column of independent standard normals, for what differs from step to step.

    Attributes:
        key: What the noise belongs to; it decides the stream.

        size: How many normals a draw holds.
    """

    key: str
    size: int
    name: str | None = None
    uid: str = attrs.field(factory=_new_uid)

    def draw(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Normals of shape (size, n); a longer column begins with the shorter one."""
        return rng.standard_normal((self.size, n))


@final
@attrs.frozen(eq=False)
class Apply:
    """An operation on nodes; the same operation on the same nodes is the same number."""

    operation: Operation
    arguments: tuple["Node", ...]
    uid: str


Node: TypeAlias = Known | Leaf | Column | Noise | Apply
Unknown: TypeAlias = Leaf | Joint | Noise


def apply(operation: Operation, *arguments: Node) -> Node:
    """The node of ``operation`` on ``arguments``; known arguments give a known number."""
    if operation.simulation is None and all(isinstance(a, Known) for a in arguments):
        values = [np.asarray(a.value) for a in arguments if isinstance(a, Known)]
        with np.errstate(all="ignore"):
            return Known(float(operation(*values)))
    uids = [a.uid for a in arguments]
    if operation.commutative:
        uids.sort()
    text = "\n".join([repr(operation), *uids])
    uid = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return Apply(operation, arguments, uid)


def makes_atoms(root: Node) -> bool:
    """Whether an operation below ``root`` may give mass to single values."""
    return any(n.operation.makes_atoms for n in in_order([root]) if isinstance(n, Apply))


def node_key(node: Node) -> str:
    """What tells nodes apart: one noise may be asked for at several lengths."""
    return f"{node.uid}:{node.size}" if isinstance(node, Noise) else node.uid


def in_order(roots: Iterable[Node]) -> list[Node]:
    """Every node below ``roots`` once, arguments before what uses them; no recursion."""
    order: list[Node] = []
    seen: set[str] = set()
    # The last is next; None stands for the last that waits, everything below which is done.
    stack: list[Node | None] = [*reversed([*roots])]
    waiting: list[Node] = []
    while stack:
        node = stack.pop()
        if node is None:
            order.append(waiting.pop())
        elif (key := node_key(node)) not in seen:
            seen.add(key)
            if isinstance(node, Apply):
                waiting.append(node)
                stack += [None, *reversed(node.arguments)]
            else:
                order.append(node)
    return order


def unknowns(order: Iterable[Node]) -> list[Unknown]:
    """The leaves and joints among nodes, each once, in order of first appearance."""
    found: dict[str, Unknown] = {}
    for node in order:
        if isinstance(node, Column):
            found.setdefault(node.joint.uid, node.joint)
        elif isinstance(node, Leaf):
            found[node.uid] = node
        elif isinstance(node, Noise):
            longest = found.get(node.uid, node)
            if isinstance(longest, Noise) and longest.size < node.size:
                longest = node
            found[node.uid] = longest
    return list(found.values())


def evaluate(
    roots: Sequence[Node], sample: Callable[[Unknown], FloatArray], n: int
) -> list[FloatArray]:
    """
    The values of ``roots`` in ``n`` draws, in one pass over everything below them.

    Args:
        roots: The numbers wanted.

        sample: Gives the draws of an unknown: shape (n,), for noise (size, n), and
            for a joint the row of each draw, as numbers.

        n: How many draws.

    Returns:
        One array of shape (n,) for each root, (rows, n) for a simulation.
    """
    values: dict[str, FloatArray] = {}
    for node in in_order(roots):
        values[node.uid] = _value(node, values, sample)
    return [_full(values[root.uid], n) for root in roots]


def _full(value: FloatArray, n: int) -> FloatArray:
    """Values in every draw, for numbers that are the same in all of them too."""
    array = np.asarray(value, dtype=np.float64)
    return array if array.shape[-1:] == (n,) else np.broadcast_to(array, (*array.shape[:-1], n))


def _value(
    node: Node, values: dict[str, FloatArray], sample: Callable[[Unknown], FloatArray]
) -> FloatArray:
    if isinstance(node, Known):
        return np.asarray(node.value)
    if isinstance(node, Apply):
        return node.operation(*(values[a.uid] for a in node.arguments))
    if isinstance(node, Column):
        rows = values.get(node.joint.uid)
        if rows is None:
            rows = values[node.joint.uid] = sample(node.joint)
        return np.asarray(node.joint.values[node.index][rows.astype(np.intp)], dtype=np.float64)
    return sample(node)
