import itertools
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures import Future as Job
from datetime import date
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

import numpy as np
import pytest

from attrition.accounts import Per, Period
from attrition.errors import BlockError, ProjectionError
from attrition.projection import Delay, Hospital, LossProcess, Projection
from attrition.projection.calendar import Grid
from attrition.projection.engine import Flows, plan_future, returning
from attrition.projection.noise import Factors
from attrition.uncertain import about
from attrition.uncertain.node import Apply, Known, Noise, Simulation
from tests.accounts.records import unchecked
from tests.projection.futures import (
    CLAIMED,
    HALF,
    MIX,
    MONTHLY,
    back,
    claimed,
    drawn,
    future,
    intake,
    losses,
    of,
)

P = ParamSpec("P")
T = TypeVar("T")

DRAWS = 3 * 16_384 + 8
END = date(2027, 2, 1)
GRID = Grid.spanning(date(2026, 2, 1), date(2026, 8, 1), Per.MONTH)


START = about(712_000, sd=20_000)
LOST = losses(about(31_680, sd=1_600), CLAIMED, variation=MONTHLY)
JOINED = intake(about(22_000, sd=1_100))
BACK = back(MIX, hospital=Hospital.steady())


def year(
    executor: Executor | None = None,
    progress: Callable[[int, int], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    draws: int = DRAWS,
) -> Projection:
    """Four blocks of a year with everything in it."""
    return future(
        START,
        LOST,
        JOINED,
        returns=BACK,
        draws=draws,
        executor=executor,
        progress=progress,
        cancel=cancel,
    )


class Manual(Executor):
    """Computes the first job at once and leaves the others waiting."""

    def __init__(self) -> None:
        self.jobs: list[Job[object]] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Job[T]:
        """The job, done if it is the first one."""
        job: Job[T] = Job()
        if not self.jobs:
            job.set_result(fn(*args, **kwargs))
        self.jobs.append(job)  # type: ignore[arg-type] # only its state is looked at
        return job


class Refusing(Executor):
    """Computes so many jobs at once and refuses the next."""

    def __init__(self, most: int) -> None:
        self.left = most

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Job[T]:
        """The job, done."""
        if self.left == 0:
            message = "out of nodes"
            raise OSError(message)
        self.left -= 1
        job: Job[T] = Job()
        job.set_result(fn(*args, **kwargs))
        return job


@pytest.fixture(scope="module", name="serial")
def make_serial() -> Projection:
    """The year, computed here."""
    return year()


class TestWorkers:
    @pytest.mark.parametrize("workers", [1, 2])
    @pytest.mark.parametrize("kind", ["threads", "processes"])
    def test_numbers_do_not_depend_on_who_computes(
        self, serial: Projection, kind: str, workers: int
    ) -> None:
        """Threads and processes, one or two, give bit for bit what one loop gives."""
        pools: dict[str, Callable[[], Executor]] = {
            "threads": lambda: ThreadPoolExecutor(workers),
            "processes": lambda: ProcessPoolExecutor(workers, mp_context=get_context("spawn")),
        }
        with pools[kind]() as executor:
            found = year(executor)

        np.testing.assert_array_equal(drawn(found), drawn(serial))
        assert found.strength(END) == serial.strength(END)

    def test_draws_are_those_of_the_answers(self, serial: Projection) -> None:
        """What was drawn in blocks is what every question sees."""
        assert drawn(serial).shape == (13, DRAWS)
        q = [0.05, 0.5, 0.95]

        np.testing.assert_array_equal(serial.quantiles(q)[-1], serial.strength(END).ppf(q))

    def test_fewer_draws_are_the_first_of_more(self, serial: Projection) -> None:
        """A run of one block begins the run of four."""
        short = year(draws=800)

        np.testing.assert_array_equal(drawn(short), drawn(serial)[:, :800])


class TestProgress:
    def test_every_block_is_told(self) -> None:
        """Progress counts the blocks that are done, of how many there are."""
        told: list[tuple[int, int]] = []
        year(progress=lambda done, of_all: told.append((done, of_all)))

        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_with_workers(self) -> None:
        """With workers the blocks are told in the same order."""
        told: list[int] = []
        with ThreadPoolExecutor(2) as executor:
            year(executor, progress=lambda done, _: told.append(done))

        assert told == [1, 2, 3, 4]


class TestCancel:
    @pytest.mark.parametrize("threads", [None, 2])
    def test_keeps_what_is_done(self, serial: Projection, threads: int | None) -> None:
        """Cancelled after two blocks, the blocks that are done are the projection."""
        told: list[int] = []
        executor = None if threads is None else ThreadPoolExecutor(threads)
        found = year(
            executor, progress=lambda done, _: told.append(done), cancel=lambda: len(told) >= 2
        )
        if executor is not None:
            executor.shutdown()
        draws = found.provenance.draws

        # Workers may have ended a block more by then.
        assert draws == 2 * 16_384 or (threads and draws in {3 * 16_384, DRAWS})
        np.testing.assert_array_equal(drawn(found), drawn(serial)[:, :draws])
        # Later answers rest on the same blocks.
        q = [0.05, 0.5, 0.95]
        np.testing.assert_array_equal(found.quantiles(q)[-1], found.strength(END).ppf(q))

    def test_waiting_blocks_are_dropped(self) -> None:
        """Blocks that no worker has begun are not begun once it is cancelled."""
        asked = itertools.count(1)
        manual = Manual()
        found = year(manual, cancel=lambda: next(asked) > 1)

        assert found.provenance.draws == 16_384
        assert [job.cancelled() for job in manual.jobs] == [False, True, True, True]

    @pytest.mark.parametrize("threads", [None, 1])
    def test_before_the_first_block(self, threads: int | None) -> None:
        """Cancelled at once there is nothing to return, and it says so."""
        executor = None if threads is None else ThreadPoolExecutor(threads)
        with pytest.raises(ProjectionError) as caught:
            year(executor, cancel=lambda: True)
        if executor is not None:
            executor.shutdown()

        assert str(caught.value) == (
            "the projection was cancelled before its first block of draws was done: there is "
            "nothing to return. Cancel later, or ask for draws=16_384 to have one block only."
        )


class TestFaults:
    def test_partial_answer(self, serial: Projection) -> None:
        """An executor that fails after two blocks leaves the projection of two blocks."""
        with pytest.raises(BlockError) as caught:
            year(Refusing(2))
        found = caught.value.partial

        assert isinstance(found, Projection)
        assert found.provenance.draws == 2 * 16_384
        np.testing.assert_array_equal(drawn(found), drawn(serial)[:, : 2 * 16_384])
        assert found.strength(END).median() == found.quantiles([0.5])[-1, 0]

    def test_nothing_to_keep(self) -> None:
        """One that fails at once leaves nothing, and the full text says so."""
        with pytest.raises(BlockError) as caught:
            year(Refusing(0))

        assert caught.value.partial is None
        assert str(caught.value) == (
            "block 1 of 4 failed with OSError: out of nodes. No block is done. Type "
            "executor=None to see it raised here, or take fewer workers if memory ran out."
        )

    def test_options_are_checked_first(self) -> None:
        """What is no executor is refused before anything is computed."""
        with pytest.raises(ProjectionError, match=r"^executor is 2: expected a concurrent"):
            unchecked(year)(executor=2)


class TestPlan:
    def test_order_of_inputs(self) -> None:
        """The start comes first, then every flow with its noise, the share and the past."""
        start, level, joined, more = (about(c, sd=1) for c in (7_000, 4_000, 3_000, 2_000))
        past = claimed(about(35, sd=1), Period.month(2026, 1))
        flows = Flows(
            losses(level, CLAIMED, variation=MONTHLY),
            intake(joined),
            (losses(more), intake(5_000)),
            back(MIX, hospital=Hospital.from_losses([past])),
        )
        future_ = plan_future(of(start), flows, GRID, Simulation(8, 1))
        nodes = list(future_.inputs)
        noise = nodes.pop(2)
        known = nodes.pop(4)
        expected = [start, level, joined, more, back(MIX).share_of(CLAIMED), past.count]

        assert isinstance(noise, Apply)
        assert isinstance(noise.operation, Factors)
        assert isinstance(known, Known)
        assert known.value == 5_000
        assert [node.uid for node in nodes] == [number.node.uid for number in expected]
        assert future_.drawn == Simulation(8, 1)
        assert [sign for sign, _ in future_.model.others] == [-1, 1]
        assert flows.processes == (flows.losses, flows.recruitment, *flows.other)

    def test_small_flows_have_luck(self) -> None:
        """A flow of few has normals of its own, other than those of its neighbour."""
        flows = Flows(losses(200), intake(90), (intake(90), losses(0)), None)
        future_ = plan_future(of(9_000), flows, GRID, Simulation(8, 1))
        luck = [node for node in future_.inputs if isinstance(node, Noise)]

        assert [plan.counts for plan in future_.model.plans] == [True] * 4
        assert [noise.size for noise in luck] == [GRID.steps] * 4
        assert len({noise.uid for noise in luck}) == 4

    @pytest.mark.parametrize(
        ("per", "monthly"),
        [(Per.DAY, 30.4375), (Per.WEEK, 30.4375 / 7), (Per.MONTH, 1.0), (Per.YEAR, 1 / 12)],
    )
    def test_units_of_a_month(self, per: Per, monthly: float) -> None:
        """A mean month holds so many days, weeks, months and years."""
        flows = Flows(losses(1, per=per), intake(1), (), None)

        assert plan_future(of(1), flows, GRID, Simulation(8, 1)).model.monthly == pytest.approx(
            monthly, rel=1e-15
        )


class TestReturning:
    def test_planned_once(self) -> None:
        """Two what-ifs with the same returns have the share of them from one plan."""
        one, other = (
            plan_future(
                of(7e5), Flows(losses(level, CLAIMED), JOINED, (), BACK), GRID, Simulation(8, 1)
            )
            for level in (30_000, 40_000)
        )

        assert one.inputs[-1] is other.inputs[-1]
        assert one.inputs[1] is not other.inputs[1]

    def test_nobody(self) -> None:
        """Without returns there is no matrix, and nobody waits."""
        matrix, steady, past = returning(None, GRID)

        assert matrix.shape == (0, 0)
        assert steady.tolist() == [0.0] * 6
        assert past.shape == (0, 6)

    def test_kinds_of_hospital(self) -> None:
        """Only the hospital that was asked for is filled."""
        delay = Delay.shares([0.2, 0.5, 0.3])
        hospitals = [
            Hospital.empty(),
            Hospital.steady(),
            Hospital.from_losses([claimed(1, Period.month(2025, month)) for month in (11, 12)]),
        ]
        found = [returning(back(HALF, delay, hospital), GRID) for hospital in hospitals]

        for matrix, _, _ in found:
            np.testing.assert_array_equal(matrix, delay.matrix(GRID))
        assert [steady.tolist() for _, steady, _ in found] == [
            [0.0] * 6,
            pytest.approx([0.8, 0.3, 0.0, 0.0, 0.0, 0.0]),
            [0.0] * 6,
        ]
        assert [past.shape for _, _, past in found] == [(0, 6), (0, 6), (2, 6)]
        # November is three steps before February, and none of its people are still away.
        np.testing.assert_allclose(found[2][2], [[0.0] * 6, [0.3, *([0.0] * 5)]], atol=1e-15)


class TestBlocksOfOthers:
    def test_a_process_named_twice(self) -> None:
        """One process as losses and as another flow moves twice its own people."""
        process: LossProcess = losses(about(1_000, sd=100), variation=MONTHLY)
        paths = future(500_000, process, intake(0), other=[process]).paths(20, rng=20260101)
        single = future(500_000, process, intake(0)).paths(20, rng=20260101)

        np.testing.assert_allclose(paths.losses, 2 * single.losses, rtol=1e-13)
