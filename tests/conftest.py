"""Settings that every test needs: no display, and the same examples in every run."""

import os

from hypothesis import settings

# Scripts, run on their own: the search for doctests would import them.
collect_ignore_glob = ["bench/bench_*.py", "downstream/sample.py"]

# Set before matplotlib is first imported: tests draw into memory.
os.environ["MPLBACKEND"] = "Agg"

# Derandomised, so that a failure comes back; without a deadline, so that a slow
# machine does not fail; without a database, so that runs do not depend on each other.
settings.register_profile("attrition", deadline=None, derandomize=True, database=None)
settings.load_profile("attrition")
