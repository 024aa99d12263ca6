"""A base and what-ifs for tests of scenarios."""

from datetime import date

from attrition.accounts import Category, Per
from attrition.projection import LossProcess, Scenario, Variation
from attrition.uncertain import Uncertain, about
from tests.projection.futures import intake, losses, of

END = date(2027, 2, 1)
LOST = about(44_000, sd=2_700, name="lost")
JOINED = about(35_000, sd=2_100, name="joined")
STRENGTH = about(712_000, sd=20_000, name="strength")
NOISY = Variation(lasting_sd=0.15, persistence=0.7, passing_sd=0.08, per=Per.MONTH)


def lost(level: Uncertain = LOST, variation: Variation | None = None) -> LossProcess:
    """Losses for good."""
    return losses(level, Category.IRRECOVERABLE, variation=variation)


def today(variation: Variation | None = None) -> Scenario:
    """A year that goes on as it is."""
    return Scenario(
        "as today",
        force=of(STRENGTH),
        losses=lost(variation=variation),
        recruitment=intake(JOINED),
        until=END,
    )


TODAY = today()
FEWER = Scenario("a tenth fewer lost", losses=lost(0.9 * LOST))
MORE = Scenario("5,000 more recruits", recruitment=intake(JOINED + 5_000))
