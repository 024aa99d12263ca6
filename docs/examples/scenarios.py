"""
Three futures of one force: as in January 2026, with fewer losses, with more recruits.

The figures are those of the how-to on scenarios, with their sources there; the spreads are its
own. The script prints the comparison and writes ``scenarios.png`` into the current directory.
"""

from datetime import date

import attrition as at

START, END = date(2026, 2, 1), date(2027, 2, 1)

LOST = at.about(44_000, relative=0.1, confidence=0.9, name="lost")
JOINED = at.about(35_000, relative=0.1, confidence=0.9, name="joined")
FORCE = at.Force(
    strength=at.about(713_000, relative=0.05, confidence=0.9, name="strength"),
    as_of=START,
    side="Russia",
    basis=at.StrengthBasis.COMMITTED,
)
MONTHLY = at.Variation(lasting_sd=0.1, persistence=0.6, passing_sd=0.05, per=at.Per.MONTH)


def losses(level: at.Uncertain) -> at.LossProcess:
    """Losses for good, a month."""
    return at.LossProcess(
        level=level,
        per=at.Per.MONTH,
        category=at.Category.IRRECOVERABLE,
        side="Russia",
        variation=MONTHLY,
    )


def recruits(level: at.Uncertain) -> at.IntakeProcess:
    """Arrivals a month."""
    return at.IntakeProcess(level=level, per=at.Per.MONTH, side="Russia")


TODAY = at.Scenario(
    "as in January", force=FORCE, losses=losses(LOST), recruitment=recruits(JOINED), until=END
)
WHAT_IFS = [
    at.Scenario("a quarter fewer lost", losses=losses(0.75 * LOST)),
    at.Scenario("5,000 more recruits", recruitment=recruits(JOINED + 5_000)),
]


def main() -> None:
    """Print the comparison and draw two pictures of it side by side."""
    from matplotlib.figure import Figure

    compared = at.compare_scenarios(TODAY, WHAT_IFS)
    print(compared)
    figure = Figure(figsize=(11, 5), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    compared.plot(left, caption=True).set_title("strength")
    tenth_gone = compared.projection("as in January").passage(0.9 * FORCE.strength)
    tenth_gone.plot(right, caption=True).set_title("a tenth is gone, as in January")
    figure.savefig("scenarios.png", dpi=150)


if __name__ == "__main__":
    main()
