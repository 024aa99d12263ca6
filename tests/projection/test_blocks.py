import functools
import os
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from concurrent.futures import Future as Job
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

import numpy as np
import pytest

from attrition._typing import FloatArray
from attrition.errors import BlockError, ParameterError, ProjectionError
from attrition.projection.blocks import IN_FLIGHT, Ran, Workers, run_blocks
from tests.accounts.records import unchecked

P = ParamSpec("P")
T = TypeVar("T")

COUNT = 5
BY_HAND = [[0.0, 1.0], [10.0, 11.0], [20.0, 21.0], [30.0, 31.0], [40.0, 41.0]]


def tens(block: int) -> FloatArray:
    """Two values that only this block has."""
    return np.array([10.0 * block, 10.0 * block + 1.0])


def late_first(block: int) -> FloatArray:
    """The first block ends last."""
    time.sleep(0.05 if block == 0 else 0.0)
    return tens(block)


def failing(block: int, *, at: int, error: Exception) -> FloatArray:
    """All blocks but one."""
    if block == at:
        raise error
    return tens(block)


def dying(block: int, *, at: int) -> FloatArray:
    """The process of one block ends without a word, once the others had time to end."""
    if block == at:
        time.sleep(0.5)
        os._exit(3)
    return tens(block)


def ran(
    job: Callable[[int], FloatArray], workers: Workers, count: int = COUNT
) -> tuple[Ran, list[list[float]]]:
    """How far it came, and the blocks that were kept."""
    kept: list[list[float]] = []

    def keep(block: int, values: FloatArray) -> None:
        assert block == len(kept)
        kept.append(values.tolist())

    return run_blocks(job, count, keep, workers=workers), kept


def message(job: Callable[[int], FloatArray], executor: Executor | None) -> BlockError:
    """The error of a run that fails, with the number of blocks kept as its partial answer."""
    found, kept = ran(job, Workers(executor=executor))
    with pytest.raises(BlockError) as caught:
        found.answer(len(kept) or None)
    return caught.value


class Waiting(Executor):
    """Leaves every job waiting; computes the oldest when it is told to."""

    def __init__(self) -> None:
        self.jobs: list[Job[object]] = []
        self.calls: list[Callable[[], object]] = []
        self.most = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Job[T]:
        """A job that nobody begins."""
        job: Job[T] = Job()
        self.jobs.append(job)  # type: ignore[arg-type] # only its state is looked at
        self.calls.append(functools.partial(fn, *args, **kwargs))
        self.most = max(self.most, sum(not each.done() for each in self.jobs))
        return job

    def compute(self, place: int) -> None:
        """End one job."""
        self.jobs[place].set_result(self.calls[place]())


def spawned(workers: int) -> ProcessPoolExecutor:
    """Processes that share nothing with this one."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


class TestOrder:
    @pytest.mark.parametrize("job", [tens, late_first])
    @pytest.mark.parametrize("threads", [None, 1, 2, 4])
    def test_blocks_are_kept_in_order(
        self, threads: int | None, job: Callable[[int], FloatArray]
    ) -> None:
        """Whoever computes them and whichever ends first, block follows on block."""
        executor = None if threads is None else ThreadPoolExecutor(threads)
        found, kept = ran(job, Workers(executor=executor))
        if executor is not None:
            executor.shutdown()

        assert found == Ran(COUNT, COUNT)
        assert found.answer(kept) == BY_HAND

    def test_without_a_block(self) -> None:
        """No blocks are done at once, and what was made of them is nothing to return."""
        assert ran(tens, Workers(), count=0) == (Ran(0, 0), [])

    def test_few_in_flight(self) -> None:
        """However many blocks there are, only so many wait at one time, and none is missing."""
        executor = Waiting()
        count = 3 * IN_FLIGHT
        kept: list[int] = []

        def unhurried() -> bool:
            done = sum(job.done() for job in executor.jobs)
            if done < len(executor.jobs):
                executor.compute(done)
            return False

        found = run_blocks(
            tens,
            count,
            lambda block, _: kept.append(block),
            workers=Workers(executor=executor, cancel=unhurried),
        )

        assert found == Ran(count, count)
        assert kept == list(range(count))
        assert executor.most == IN_FLIGHT

    def test_here_one_by_one(self) -> None:
        """Without workers a block is kept and told before the next one is computed."""
        seen: list[str] = []

        def job(block: int) -> FloatArray:
            seen.append(f"computed {block}")
            return tens(block)

        workers = Workers(progress=lambda done, total: seen.append(f"told {done} of {total}"))
        run_blocks(job, 2, lambda block, _: seen.append(f"kept {block}"), workers=workers)

        assert seen == [
            "computed 0",
            "kept 0",
            "told 1 of 2",
            "computed 1",
            "kept 1",
            "told 2 of 2",
        ]


class TestCancel:
    def test_while_a_block_is_waited_for(self) -> None:
        """A block that never ends is no reason to wait for ever."""
        executor = Waiting()
        asked = threading.Event()

        def cancel() -> bool:
            first = not asked.is_set()
            asked.set()
            return not first

        found, kept = ran(tens, Workers(executor=executor, cancel=cancel))

        assert (found, kept) == (Ran(0, COUNT), [])
        assert all(job.cancelled() for job in executor.jobs)

    def test_what_has_ended_is_kept(self) -> None:
        """Blocks that were done when it was cancelled are kept, up to the first that was not."""
        executor = Waiting()
        told: list[int] = []

        def cancel() -> bool:
            if not executor.jobs:
                return False
            for place in (0, 1, 3):
                executor.compute(place)
            return True

        workers = Workers(
            executor=executor, cancel=cancel, progress=lambda done, _: told.append(done)
        )
        found, kept = ran(tens, workers)

        assert found == Ran(2, COUNT)
        assert kept == BY_HAND[:2]
        assert told == [1, 2]
        assert [job.cancelled() for job in executor.jobs] == [False, False, True, False, True]

    def test_never_asked_again(self) -> None:
        """Who has said to stop is not asked a second time."""
        asked: list[bool] = []

        def cancel() -> bool:
            asked.append(True)
            return True

        assert ran(tens, Workers(cancel=cancel)) == (Ran(0, COUNT), [])
        assert len(asked) == 1

    def test_before_the_first_block(self) -> None:
        """Nothing made is nothing to return."""
        with pytest.raises(ProjectionError) as caught:
            Ran(0, 4).answer(None)

        assert not isinstance(caught.value, BlockError)
        assert str(caught.value) == (
            "the projection was cancelled before its first block of draws was done: there is "
            "nothing to return. Cancel later, or ask for draws=16_384 to have one block only."
        )

    def test_what_progress_raises(self) -> None:
        """What the caller's own function raises is the caller's, and no block goes on waiting."""
        executor = Waiting()

        def once() -> bool:
            if executor.jobs and not executor.jobs[0].done():
                executor.compute(0)
            return False

        def raising(done: int, total: int) -> None:
            raise KeyError(done, total)

        with pytest.raises(KeyError, match=r"1, 5"):
            ran(tens, Workers(executor=executor, cancel=once, progress=raising))

        assert [job.cancelled() for job in executor.jobs] == [False, True, True, True, True]

    def test_what_cancel_raises(self) -> None:
        """The same while a block is waited for."""
        executor = Waiting()

        def raising() -> bool:
            return bool(1 / (not executor.jobs))

        with pytest.raises(ZeroDivisionError):
            ran(tens, Workers(executor=executor, cancel=lambda: not raising()))

        assert all(job.cancelled() for job in executor.jobs)


class TestFaults:
    @pytest.mark.parametrize("threads", [None, 1, 2])
    def test_a_block_that_raises(self, threads: int | None) -> None:
        """The error names the block and the cause, and has what was made of the blocks before."""
        job = functools.partial(failing, at=2, error=ZeroDivisionError("division by zero"))
        executor = None if threads is None else ThreadPoolExecutor(threads)
        error = message(job, executor)
        if executor is not None:
            executor.shutdown()
        advice = (
            "Mend the function that raised it, or type fewer draws if memory ran out."
            if threads is None
            else "Type executor=None to see it raised here, or take fewer workers if memory "
            "ran out."
        )

        assert str(error) == (
            "block 3 of 5 failed with ZeroDivisionError: division by zero. "
            f"2 blocks are done and kept in the partial of this error. {advice}"
        )
        assert error.partial == 2
        assert isinstance(error.__cause__, ZeroDivisionError)

    @pytest.mark.parametrize(
        ("at", "kept"),
        [
            (0, "block 1 of 5 failed with MemoryError. No block is done. "),
            (
                1,
                (
                    "block 2 of 5 failed with MemoryError. "
                    "1 block is done and kept in the partial of this error. "
                ),
            ),
        ],
    )
    def test_how_much_is_kept(self, at: int, kept: str) -> None:
        """None, one and two blocks are counted in words that fit."""
        error = message(functools.partial(failing, at=at, error=MemoryError()), None)

        assert str(error) == (
            f"{kept}Mend the function that raised it, or type fewer draws if memory ran out."
        )
        assert error.partial == (at or None)

    @pytest.mark.parametrize("threads", [None, 2])
    def test_a_fault_of_the_input(self, threads: int | None) -> None:
        """An error of the library's own stays what it is, with a note on the block."""
        job = functools.partial(failing, at=1, error=ParameterError("level is nan."))
        executor = None if threads is None else ThreadPoolExecutor(threads)
        with pytest.raises(ParameterError, match=r"^level is nan\.") as caught:
            ran(job, Workers(executor=executor))
        if executor is not None:
            executor.shutdown()

        assert caught.value.__notes__ == ["Raised by block 2 of 5."]

    def test_a_process_that_dies(self) -> None:
        """A process that ends without a word takes no block with it that was done."""
        with spawned(1) as executor:
            error = message(functools.partial(dying, at=2), executor)

        assert str(error) == (
            "block 3 of 5 failed with BrokenProcessPool: A process in the process pool was "
            "terminated abruptly while the future was running or pending. 2 blocks are done and "
            "kept in the partial of this error. The executor died, and computes nothing more: "
            "type executor=None to compute here, or make a new one with fewer workers, such as "
            "ProcessPoolExecutor(2), if memory ran out. In a script, processes need the call "
            'under if __name__ == "__main__".'
        )
        assert error.partial == 2
        assert isinstance(error.__cause__, BrokenProcessPool)

    def test_an_executor_that_is_dead_already(self) -> None:
        """One that died before takes no block at all."""
        with spawned(1) as executor:
            message(functools.partial(dying, at=0), executor)
            error = message(tens, executor)

        assert str(error).startswith("block 1 of 5 failed with BrokenProcessPool: ")
        assert error.partial is None
        assert isinstance(error.__cause__, BrokenExecutor)

    def test_an_executor_that_was_shut_down(self) -> None:
        """One that was shut down refuses blocks, and says so."""
        executor = ThreadPoolExecutor(1)
        executor.shutdown()

        assert str(message(tens, executor)) == (
            "block 1 of 5 failed with RuntimeError: cannot schedule new futures after shutdown. "
            "No block is done. Type executor=None to see it raised here, or take fewer workers "
            "if memory ran out."
        )

    @pytest.mark.parametrize("cancel", [None, lambda: False])
    def test_an_executor_that_drops_its_blocks(self, cancel: Callable[[], bool] | None) -> None:
        """A shutdown that cancels what waits is an executor that died, not a wait for ever."""
        executor = ThreadPoolExecutor(1)

        def job(block: int) -> FloatArray:
            if block == 1:
                executor.shutdown(wait=False, cancel_futures=True)
            return tens(block)

        found, kept = ran(job, Workers(executor=executor, cancel=cancel))

        assert kept == BY_HAND[:2]
        assert isinstance(found.fault, CancelledError)
        assert found.advice.startswith("The executor died, and computes nothing more: ")

    def test_what_cannot_be_pickled(self) -> None:
        """A function that other processes cannot import is told from one that raises."""
        with spawned(1) as executor:
            error = message(lambda block: tens(block), executor)

        assert "pickle" in str(error).partition("No block is done.")[0]
        assert str(error).endswith(
            "No block is done. Workers in other processes get what they compute as a pickle: "
            "define the function or class at the top of a module that they can import, or type "
            "executor=ThreadPoolExecutor(2), which needs no pickle."
        )

    def test_pickles_of_other_executors(self) -> None:
        """An error of pickling is one whoever raises it."""
        pickling = pickle.PicklingError("no such module")
        with ThreadPoolExecutor(1) as executor:
            error = message(functools.partial(failing, at=0, error=pickling), executor)

        assert "get what they compute as a pickle" in str(error)

    def test_a_fault_that_is_not_about_pickles(self) -> None:
        """A function that needs no pickle may raise what it likes."""

        def job(block: int) -> FloatArray:
            raise AttributeError(block)

        with ThreadPoolExecutor(1) as executor:
            error = message(job, executor)

        assert str(error).endswith(
            "Type executor=None to see it raised here, or take fewer workers if memory ran out."
        )


class TestWorkers:
    def test_nobody(self) -> None:
        """Without workers nobody is told, and nobody says to stop."""
        workers = Workers()
        workers.tell(1, 2)

        assert not workers.stopped()

    @pytest.mark.parametrize(
        ("given", "text"),
        [
            (
                {"executor": 2},
                (
                    "executor is 2: expected a concurrent.futures.Executor or None. Type for "
                    "example executor=ThreadPoolExecutor(2), or executor=client.get_executor() "
                    "for a client of dask."
                ),
            ),
            (
                {"executor": ThreadPoolExecutor},
                (
                    "executor is <class 'concurrent.futures.thread.ThreadPoolExecutor'>: expected "
                    "a concurrent.futures.Executor or None. Type for example "
                    "executor=ThreadPoolExecutor(2), or executor=client.get_executor() for a "
                    "client of dask."
                ),
            ),
            (
                {"progress": 0.5},
                (
                    "progress is 0.5: expected a function of the blocks done and the blocks in "
                    "all, or None. Type for example progress=lambda done, total: print(done, "
                    "total)."
                ),
            ),
            (
                {"cancel": False},
                (
                    "cancel is False: expected a function that says whether to stop, or None. "
                    "Type for example cancel=stop.is_set with stop = threading.Event()."
                ),
            ),
        ],
    )
    def test_bad_input(self, given: dict[str, object], text: str) -> None:
        """What computes is an executor, what is told and asked are functions."""
        with pytest.raises(ProjectionError) as caught:
            unchecked(Workers)(**given)

        assert str(caught.value) == text
