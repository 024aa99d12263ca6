"""The example of scenarios: its answers are those of the how-to, and its figure is drawn."""

import os
import subprocess
import sys
from pathlib import Path

from matplotlib.image import imread

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "docs" / "examples" / "scenarios.py"
PAGE = ROOT / "docs" / "how-to" / "scenarios.md"


class TestScenarios:
    def test_runs(self, tmp_path: Path) -> None:
        """It prints what the page shows, and draws fans of two hues beside a curve."""
        done = subprocess.run(
            [sys.executable, "-W", "error", str(SCRIPT)],
            cwd=tmp_path,
            env={**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT / "src")},
            check=True,
            capture_output=True,
            text=True,
        )
        picture = imread(tmp_path / "scenarios.png")
        left = picture[:, : picture.shape[1] // 2]

        assert done.stderr == ""
        assert f"```text\n{done.stdout}```" in PAGE.read_text("utf-8")
        assert (left[..., 2] - left[..., 0] > 0.05).mean() > 0.05
        assert (left[..., 0] - left[..., 2] > 0.05).mean() > 0.03
