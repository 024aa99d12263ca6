import functools

import numpy as np
import pytest
from distributed import Client, LocalCluster

from attrition._typing import FloatArray
from attrition.errors import BlockError
from attrition.projection import Projection
from attrition.projection.blocks import Workers, run_blocks
from tests.projection.futures import drawn
from tests.projection.test_blocks import failing
from tests.projection.test_engine import year


@pytest.fixture(scope="module", name="serial")
def make_serial() -> Projection:
    """The year, computed here."""
    return year()


def cluster(workers: int, *, processes: bool) -> LocalCluster:
    """Workers of one thread each on this machine, without a web page."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=processes, dashboard_address=None
    )


class TestDask:
    @pytest.mark.parametrize("workers", [1, 2])
    @pytest.mark.parametrize("kind", ["threads", "processes"])
    def test_same_numbers_on_a_cluster(self, serial: Projection, kind: str, workers: int) -> None:
        """A cluster of one worker or two, threads or processes, gives what one loop gives."""
        told: list[tuple[int, int]] = []
        with (
            cluster(workers, processes=kind == "processes") as local,
            Client(local) as client,
            client.get_executor() as executor,
        ):
            found = year(executor, progress=lambda done, total: told.append((done, total)))

        np.testing.assert_array_equal(drawn(found), drawn(serial))
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_a_block_that_raises_on_a_cluster(self) -> None:
        """What a worker of the cluster raises is the cause of an error that names the block."""
        job = functools.partial(failing, at=1, error=ZeroDivisionError("division by zero"))
        kept: list[FloatArray] = []
        with (
            cluster(1, processes=False) as local,
            Client(local) as client,
            client.get_executor() as executor,
        ):
            workers = Workers(executor=executor)
            found = run_blocks(job, 3, lambda _, values: kept.append(values), workers=workers)

        assert found.done == len(kept) == 1
        assert isinstance(found.fault, ZeroDivisionError)
        with pytest.raises(BlockError, match=r"^block 2 of 3 failed with ZeroDivisionError: div"):
            found.answer(1)
