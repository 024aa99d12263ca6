"""Long work in blocks: computed here or by workers, told about, cut short, and kept."""

import pickle
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from concurrent.futures import Future as Job
from contextlib import closing
from typing import NamedTuple, ParamSpec, TypeVar, final

import attrs

from attrition._typing import FloatArray
from attrition.errors import AttritionError, BlockError, ProjectionError

__all__ = ["IN_FLIGHT", "Ran", "Workers", "run_blocks"]

P = ParamSpec("P")
T = TypeVar("T")

IN_FLIGHT = 32
"""
Blocks that workers have or have done while an earlier one is waited for.

Two each for sixteen workers; of 36 months they hold at most 32 * 4.8 MB.
"""

_PAUSE = 0.05
"""Seconds between two questions whether to stop: shorter than anybody notices."""


@final
@attrs.frozen(kw_only=True, eq=False)
class Workers:
    """
    Who computes blocks, and who hears of it.

    Attributes:
        executor: Any executor of the standard interface; None computes here.

        progress: Called with the blocks done and the blocks in all, after every block.

        cancel: Asked before every block, and while one is waited for; True stops the work.
    """

    executor: Executor | None = attrs.field(default=None)
    progress: Callable[[int, int], object] | None = attrs.field(default=None)
    cancel: Callable[[], bool] | None = attrs.field(default=None)

    @executor.validator
    def _computes(self, _field: "attrs.Attribute[Executor]", value: object) -> None:
        if value is not None and not isinstance(value, Executor):
            raise ProjectionError(
                f"executor is {value!r}: expected a concurrent.futures.Executor or None. Type for "
                f"example executor=ThreadPoolExecutor(2), or executor=client.get_executor() for a "
                f"client of dask."
            )

    @progress.validator
    def _listens(self, _field: "attrs.Attribute[object]", value: object) -> None:
        if value is not None and not callable(value):
            raise ProjectionError(
                f"progress is {value!r}: expected a function of the blocks done and the blocks in "
                f"all, or None. Type for example progress=lambda done, total: print(done, total)."
            )

    @cancel.validator
    def _answers(self, _field: "attrs.Attribute[object]", value: object) -> None:
        if value is not None and not callable(value):
            raise ProjectionError(
                f"cancel is {value!r}: expected a function that says whether to stop, or None. "
                f"Type for example cancel=stop.is_set with stop = threading.Event()."
            )

    def tell(self, done: int, total: int) -> None:
        """Report progress, if anybody listens."""
        if self.progress is not None:
            self.progress(done, total)

    def stopped(self) -> bool:
        """Whether to stop now."""
        return self.cancel is not None and bool(self.cancel())


class Ran(NamedTuple):
    """
    How far the work came: the first ``done`` of ``total`` blocks were kept.

    Attributes:
        done: Blocks that were kept, always the first ones.

        total: Blocks in all.

        fault: What the next block raised, None if it was cancelled or there is no next one.

        advice: What to do about the fault.
    """

    done: int
    total: int
    fault: Exception | None = None
    advice: str = ""

    def answer(self, made: T | None) -> T:
        """
        What was made of the blocks done, or the error that holds it.

        Args:
            made: The answer from the blocks that were kept; None if none was.

        Raises:
            BlockError: If a block failed; its ``partial`` is ``made``.

            ProjectionError: If it was cancelled before the first block was done.
        """
        if self.fault is not None:
            raise BlockError(self._text(), partial=made) from self.fault
        if made is None:
            raise ProjectionError(
                "the projection was cancelled before its first block of draws was done: there is "
                "nothing to return. Cancel later, or ask for draws=16_384 to have one block only."
            )
        return made

    def _text(self) -> str:
        said = str(self.fault).rstrip(".")
        kept = {
            0: "No block is done.",
            1: "1 block is done and kept in the partial of this error.",
        }.get(self.done, f"{self.done} blocks are done and kept in the partial of this error.")
        return (
            f"block {self.done + 1} of {self.total} failed with {type(self.fault).__name__}"
            f"{said and ': '}{said}. {kept} {self.advice}"
        )


def run_blocks(
    job: Callable[[int], FloatArray],
    count: int,
    keep: Callable[[int, FloatArray], object],
    *,
    workers: Workers,
) -> Ran:
    """
    Compute blocks and keep them in order, whoever computes them and in whatever order.

    A block that fails ends the work, as cancelling does; the blocks before it are kept. What
    ``keep`` does with a block is done here, one block at a time, so memory is that of the
    blocks in flight and of what is kept.

    Args:
        job: The values of a block, from its number; workers in other processes unpickle it.

        count: How many blocks there are.

        keep: Takes the number of a block and its values.

        workers: Who computes, and who hears of it.

    Returns:
        How many blocks were kept, and why not all.

    Raises:
        AttritionError: What a block raises of the library's own, with a note on the block: the
            input is at fault then, and so are the blocks before.
    """
    done = 0
    with closing(_ended(job, count, workers)) as ended:
        for block in ended:
            try:
                values = block.result()
            except AttritionError as error:
                error.add_note(f"Raised by block {done + 1} of {count}.")
                raise
            except Exception as fault:  # noqa: BLE001 - it is handed on as the cause
                return Ran(done, count, fault, _advice(fault, job, workers.executor))
            keep(done, values)
            done += 1
            workers.tell(done, count)
    return Ran(done, count)


def _ended(
    job: Callable[[int], FloatArray], count: int, workers: Workers
) -> Generator[Job[FloatArray], None, None]:
    """The blocks in order as they end, until it is cancelled and the next one has not."""
    executor, most = workers.executor, IN_FLIGHT
    if executor is None:
        executor, most = _Here(), 1
    waiting: deque[Job[FloatArray]] = deque()
    stopped = False
    try:
        for block in range(count):
            stopped = stopped or workers.stopped()
            while not stopped and len(waiting) < min(most, count - block):
                waiting.append(_submitted(executor, job, block + len(waiting)))
            while waiting and not (stopped or _has_ended(waiting[0], workers)):
                stopped = workers.stopped()
            if not (waiting and waiting[0].done()):
                return
            yield waiting.popleft()
    finally:
        for rest in waiting:
            rest.cancel()


def _has_ended(block: Job[FloatArray], workers: Workers) -> bool:
    """Wait for a block; if there is somebody to ask whether to stop, not for long."""
    # Not futures.wait: it sleeps for ever on a block that a shutdown of its executor cancelled.
    try:
        block.exception(timeout=None if workers.cancel is None else _PAUSE)
    except TimeoutError:
        return block.done()
    except CancelledError:
        return True
    return True


def _submitted(executor: Executor, job: Callable[[int], FloatArray], block: int) -> Job[FloatArray]:
    """A block under way; one that the executor refuses has failed."""
    try:
        return executor.submit(job, block)
    except Exception as fault:  # noqa: BLE001 - it is told with its block, in order
        refused: Job[FloatArray] = Job()
        refused.set_exception(fault)
        return refused


def _advice(fault: Exception, job: Callable[[int], FloatArray], executor: Executor | None) -> str:
    if executor is None:
        return "Mend the function that raised it, or type fewer draws if memory ran out."
    if _is_unpicklable(fault, job):
        return (
            "Workers in other processes get what they compute as a pickle: define the function "
            "or class at the top of a module that they can import, or type "
            "executor=ThreadPoolExecutor(2), which needs no pickle."
        )
    if isinstance(fault, BrokenExecutor | CancelledError):
        return (
            "The executor died, and computes nothing more: type executor=None to compute here, "
            "or make a new one with fewer workers, such as ProcessPoolExecutor(2), if memory "
            'ran out. In a script, processes need the call under if __name__ == "__main__".'
        )
    return "Type executor=None to see it raised here, or take fewer workers if memory ran out."


def _is_unpicklable(fault: Exception, job: Callable[[int], FloatArray]) -> bool:
    """Whether the fault is what pickling the job raises."""
    if isinstance(fault, pickle.PicklingError):
        return True
    try:
        pickle.dumps(job)
    except Exception as found:  # noqa: BLE001 - pickle raises what the object raises
        return type(found) is type(fault) and str(found) == str(fault)
    return False


class _Here(Executor):
    """Computes a job where and when it is submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Job[T]:
        """The job, done."""
        job: Job[T] = Job()
        job.set_result(fn(*args, **kwargs))
        return job
