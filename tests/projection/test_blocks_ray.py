from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.projection.blocks import Workers, run_blocks
from tests.pages import read_blocks

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "run_on_a_cluster.md"


class Reference:
    """What a task of Ray gives at once: a future may be made of it."""

    def __init__(self) -> None:
        self.made: Future[object] = Future()

    def future(self) -> Future[object]:
        """The future of the task."""
        return self.made


class Task:
    """A remote function, which is called through its own ``remote``."""

    def __init__(self, function: Callable[..., object], most: int, given: list[Reference]) -> None:
        self.function, self.most, self.given = function, most, given

    def remote(self, *args: object) -> Reference:
        """Computes the first tasks at once and leaves the others waiting."""
        reference = Reference()
        if len(self.given) < self.most:
            reference.made.set_result(self.function(*args))
        self.given.append(reference)
        return reference


class Ray:
    """The part of Ray that the adapter calls."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.given: list[Reference] = []
        self.cancelled: list[Reference] = []

    def remote(self, function: Callable[..., object]) -> Task:
        """A function as a task."""
        return Task(function, self.most, self.given)

    def cancel(self, reference: Reference) -> None:
        """Stop a task."""
        self.cancelled.append(reference)


@pytest.fixture(name="adapted")
def make_adapted() -> Callable[[Ray], Executor]:
    """The adapter as the page shows it."""
    (source,) = (
        block.source
        for block in read_blocks(PAGE.read_text("utf-8"))
        if block.source.startswith("class RayExecutor(")
    )
    namespace: dict[str, object] = {"Executor": Executor}
    exec(source, namespace)  # noqa: S102 - the project's own page
    made = namespace["RayExecutor"]
    assert callable(made)
    return made


def squares(block: int) -> FloatArray:
    """A value that only this block has."""
    return np.array([float(block**2)])


class TestRay:
    def test_blocks_on_ray(self, adapted: Callable[[Ray], Executor]) -> None:
        """Every block is one task, kept in order, and none is cancelled."""
        ray, kept = Ray(most=4), list[float]()
        workers = Workers(executor=adapted(ray))
        found = run_blocks(squares, 4, lambda _, values: kept.extend(values), workers=workers)

        assert found.done == 4
        assert kept == [0.0, 1.0, 4.0, 9.0]
        assert len(ray.given) == 4
        assert ray.cancelled == []

    def test_tasks_are_cancelled(self, adapted: Callable[[Ray], Executor]) -> None:
        """Blocks that are no longer wanted are taken back from Ray."""
        ray, kept = Ray(most=1), list[float]()
        workers = Workers(executor=adapted(ray), cancel=lambda: bool(kept))
        found = run_blocks(squares, 3, lambda _, values: kept.extend(values), workers=workers)

        assert found.done == 1
        assert ray.cancelled == ray.given[1:]
