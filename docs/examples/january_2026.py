"""
January 2026: a press report, sentence by sentence, and what its figures bear.

On 13 February 2026 a press report that quotes Bloomberg put the Russian losses of January at
"around 44,000 dead". Each of its sentences is answered here by one call. The script prints a
report and writes ``january_2026.png`` into the current directory.

None of the sources gives a spread. The spreads below are this example's own, and so is the mix of
killed, wounded and returned: change them and run it again.
"""

import textwrap
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import attrs

import attrition as at
from attrition.words import people, percent, text_table, word

RUSSIA = "Russia"
JANUARY = at.Period.month(2026, 1)
START, END = date(2026, 2, 1), date(2027, 2, 1)
KILLED_AND_WOUNDED = at.Category.KILLED_AND_WOUNDED

# --- Figures, each with its source --------------------------------------------------------------

BLOOMBERG = at.Source(name="Bloomberg, as the report quotes it", published=date(2026, 2, 13))
HISTORY = at.Source(name="estimates, as the report quotes them", published=date(2026, 2, 13))


def give_or_take(figure: float) -> at.Uncertain:
    """Give a figure the spread of this example: +-10 % at 90 %."""
    return at.about(figure, relative=0.1, confidence=0.9)


def lost(count: at.Uncertain, category: at.Category) -> at.LossEstimate:
    """Russian losses of January."""
    return at.LossEstimate.central(count=count, category=category, period=JANUARY, side=RUSSIA)


def joined(rate: at.Uncertain) -> at.RecruitmentRate:
    """Russian recruits a month, read as arrived."""
    stage = at.IntakeStage.ARRIVED
    return at.RecruitmentRate(rate=rate, per=at.Per.MONTH, side=RUSSIA, stage=stage)


# "Just around 44,000 dead on the battlefield": one unknown, read in three ways.
STATED = attrs.evolve(lost(give_or_take(44_000), at.Category.IRRECOVERABLE), source=BLOOMBERG)
AS_DEAD = attrs.evolve(STATED, category=at.Category.KILLED)
AS_KILLED_AND_WOUNDED = attrs.evolve(STATED, category=KILLED_AND_WOUNDED)

# December 2025, same report: "about 35,000", "roughly equal to Moscow's monthly recruitment".
IN_DECEMBER = attrs.evolve(STATED, count=give_or_take(35_000), period=at.Period.month(2025, 12))
RECRUITS = joined(give_or_take(35_000))

# January 2026 as R. Brovdi gave it: 30,618 lost, about 22,000 recruits (newsy-today.com). Read as
# killed and wounded, like the claim of the Ukrainian General Staff (daily counts of January 2026).
BROVDI = lost(give_or_take(30_618), KILLED_AND_WOUNDED)
BROVDI_RECRUITS = joined(give_or_take(22_000))
CLAIM = lost(give_or_take(31_680), KILLED_AND_WOUNDED)

# 713,000 after a year of growth (O. Syrskyi in Le Monde, on 2025): read as of 1 February 2026.
SIZE = at.about(713_000, relative=0.05, confidence=0.9)
FORCE = at.Force(strength=SIZE, as_of=START, side=RUSSIA, basis=at.StrengthBasis.COMMITTED)

# "14,500 to 23,000, although estimates vary": read as killed, lognormal, 90 % inside.
AFGHANISTAN = at.LossEstimate.central(
    count=at.between(14_500, 23_000, confidence=0.9, family="lognormal"),
    category=at.Category.KILLED,
    # December 1979 to 15 February 1989 (TASS, "Soviet withdrawal from Afghanistan"); the 25th is
    # this example's choice, and a few days change nothing.
    period=at.Period.spanning(date(1979, 12, 25), date(1989, 2, 15)),
    side="Soviet Union",
    source=HISTORY,
)
TWICE = 2.0

# Donetsk Oblast: about 6,500 km2 left as of October 2025 (read as the 15th); 908 km2 in about 3.3
# months from August to November 2025 (reports collected 2025). A pace changes, so it gets +-30 %.
LEFT_TO_TAKE = at.about(6_500, relative=0.1, confidence=0.9, positive=True)
PACE = at.about(908 / 3.3, relative=0.3, confidence=0.9, positive=True)
AS_OF_OCTOBER, TWO_YEARS_ON = date(2025, 10, 15), date(2028, 2, 13)

# Wounded per killed 2.48 at Kursk (Dupuy Institute), 2.67 in Afghanistan (Chicago Tribune,
# 26 May 1988), 2.69 to 3.36 in this war (CSIS, to December 2025). That 40 to 70 % of the wounded
# return agrees with the growth of the force in 2025. 0.35 missing per killed is a what-if.
MIX = at.CasualtyMix.from_ratios(
    at.between(2.3, 3.4, confidence=0.9, family="lognormal"),
    returned_per_wounded=at.uniform(0.4, 0.7),
)
MIX_WITH_MISSING = attrs.evolve(MIX, missing_per_killed=at.exactly(0.35))


def months_away(mean: float) -> at.Delay:
    """How long the wounded are away: gamma of shape 2, by monthly shares within a year."""
    from scipy.special import gammainc

    back = [float(gammainc(2.0, 2.0 * month / mean)) for month in range(13)]
    return at.Delay.shares([(later - sooner) / back[-1] for sooner, later in pairwise(back)])


BACK = at.Returns(mix=MIX, delay=months_away(3), hospital=at.Hospital.steady())

# --- Answers, one call each ---------------------------------------------------------------------


class Answer(NamedTuple):
    """What was asked and what was found; ``level`` asks for one quantile of a number."""

    question: str
    found: at.Uncertain | at.EventSummary | at.Passage
    level: float | None = None


def by(day: date, passage: at.Passage) -> at.EventSummary:
    """How likely it is that something has come to pass by a day."""
    return at.EventSummary(
        probability=passage.probability(by=day),
        method=passage.method,
        error=passage.standard_error(by=day),
    )


def january() -> list[Answer]:
    """Answer "around 9,000 more battlefield losses than it was able to replace"."""
    article = at.balance(STATED, RECRUITS).gross
    brovdi = at.balance(BROVDI, BROVDI_RECRUITS, returns=BACK)
    return [
        Answer("44,000 - 35,000, irrecoverable", article),
        Answer("  more lost than joined", (article > 0).summary()),
        Answer("Brovdi: 30,618 - 22,000, gross", brovdi.gross),
        Answer("  more lost than joined", (brovdi.gross > 0).summary()),
        Answer("  deficit after all returns", brovdi.ultimate),
        Answer("  the force shrinks", (brovdi.ultimate > 0).summary()),
    ]


def december() -> list[Answer]:
    """Answer "about 35,000", "roughly equal to Moscow's monthly recruitment"."""
    deficit = at.balance(IN_DECEMBER, RECRUITS).gross
    return [
        Answer("35,000 - 35,000, irrecoverable", deficit),
        Answer("  more lost than joined", (deficit > 0).summary()),
    ]


def future(
    losses: at.LossEstimate,
    returns: at.Returns | None = None,
    recruits: at.RecruitmentRate = RECRUITS,
) -> at.Projection:
    """Project the force through a year in which this month goes on."""
    gone, come = at.steady(losses), at.steady(recruits)
    return at.project(FORCE, losses=gone, recruitment=come, returns=returns, until=END)


def readings() -> list[Answer]:
    """Answer "just around 44,000 dead": irrecoverable, dead, or killed and wounded."""
    with_wounded = at.convert(AS_DEAD, to=KILLED_AND_WOUNDED, mix=MIX)
    answers = []
    for reading, losses, returns in (
        ("irrecoverable", STATED, None),
        ("dead, wounded on top", with_wounded, BACK),
        ("killed and wounded", AS_KILLED_AND_WOUNDED, BACK),
    ):
        smaller = future(losses, returns).strength(END) < SIZE
        answers += [
            Answer(f"{reading}: deficit", at.balance(losses, RECRUITS, returns=returns).ultimate),
            Answer(f"  smaller on {END}", smaller.summary()),
        ]
    half_gone = future(with_wounded, BACK).passage(0.5 * SIZE)
    return [*answers, Answer("as dead: half the force gone by", half_gone)]


WAYS = {
    "hospital full": (MIX, 3, at.Hospital.steady()),
    "empty": (MIX, 3, at.Hospital.empty()),
    "empty, 6 months": (MIX, 6, at.Hospital.empty()),
    "empty, missing": (MIX_WITH_MISSING, 3, at.Hospital.empty()),
}


def signs(counted: at.Uncertain, recruits: at.Uncertain) -> list[float]:
    """How likely the force is smaller in a year, for each of the ways to count who is back."""
    chances = []
    for mix, mean, hospital in WAYS.values():
        gone = KILLED_AND_WOUNDED if mix is MIX else KILLED_AND_WOUNDED | at.Category.MIA
        losses = at.convert(lost(counted, KILLED_AND_WOUNDED), to=gone, mix=mix)
        returns = at.Returns(mix=mix, delay=months_away(mean), hospital=hospital)
        year = future(losses, returns, joined(recruits))
        chances.append(year.probability_below(SIZE, on=END))
    return chances


def table_of_signs() -> dict[str, list[float]]:
    """Vary the pairing of losses with recruits; the spreads are about +-8 % at 90 %."""
    return {
        "31,680 / 22,000": signs(at.about(31_680, sd=1_600), at.about(22_000, sd=1_100)),
        "44,000 / 35,000": signs(at.about(44_000, sd=2_200), at.about(35_000, sd=1_750)),
        "35,050 / 35,000": signs(at.about(35_050, sd=1_750), at.about(35_000, sd=1_750)),
    }


def refusal() -> str:
    """Compare what was counted with the Soviet dead, as the report does."""
    try:
        return at.compare(CLAIM, AFGHANISTAN, totals=True).sentence()
    except at.CategoryError as error:
        return str(error)


def afghanistan() -> list[Answer]:
    """Answer "twice as many in a single month"."""
    stated = at.compare(AS_DEAD, AFGHANISTAN, totals=True).ratio
    dead = at.convert(CLAIM, to=at.Category.KILLED, mix=MIX)
    total = at.compare(dead, AFGHANISTAN, totals=True).ratio
    rate = at.compare(dead, AFGHANISTAN, per=at.Per.MONTH).ratio
    return [
        Answer("44,000 dead / dead of that war", stated),
        Answer("  twice as many or more", (stated >= TWICE).summary()),
        Answer("dead of 31,680 killed and wounded", dead.count),
        Answer("  in all / dead of that war", total),
        Answer("  twice as many or more", (total >= TWICE).summary()),
        Answer("  a month / a month of that war", rate),
    ]


def donetsk() -> list[Answer]:
    """Answer "two years" to take all of Donetsk Oblast at the current rate."""
    taken = at.time_to_objective(LEFT_TO_TAKE, PACE, per=at.Per.MONTH, start=AS_OF_OCTOBER)
    return [
        Answer("taken by", taken),
        Answer(f"  within two years, by {TWO_YEARS_ON}", by(TWO_YEARS_ON, taken)),
    ]


def outrun() -> list[Answer]:
    """What losses outrun 35,000 recruits, and what recruitment would hold against 44,000."""
    plain, wounded = future(STATED), future(AS_KILLED_AND_WOUNDED, BACK)
    bearable = plain.losses_affordable(SIZE, by=END, throughout=True)
    needed = plain.recruits_needed(SIZE, by=END, throughout=True)
    with_returns = wounded.recruits_needed(SIZE, by=END, throughout=True)
    return [
        Answer("bearable with 35,000 recruits", bearable),
        Answer("  outrun them with 90 %, from", bearable, 0.9),
        Answer("to hold, irrecoverable", needed),
        Answer("  hold with 90 %, from", needed, 0.9),
        Answer("to hold, killed and wounded", with_returns),
        Answer("  hold with 90 %, from", with_returns, 0.9),
    ]


def ten_per_cent_less() -> list[Answer]:
    """When the force is down by a tenth, were January to go on."""
    floor = 0.9 * SIZE
    plain = at.runway(FORCE, floor=floor, losses=STATED, recruitment=RECRUITS)
    wounded = at.runway(
        FORCE, floor=floor, losses=AS_KILLED_AND_WOUNDED, recruitment=RECRUITS, returns=BACK
    )
    return [
        Answer("irrecoverable: down by", plain),
        Answer(f"  by {END}", by(END, plain)),
        Answer(f"killed and wounded: by {END}", by(END, wounded)),
    ]


# --- Report -------------------------------------------------------------------------------------

PREAMBLE = """\
Russian losses and recruits in January 2026: what a press report of 13 February 2026 says, and what
its figures bear. The spreads are this example's own: +-10 % at 90 %, +-5 % for the force, +-30 %
for the pace in Donetsk, all independent. Killed and wounded: 2.3 to 3.4 wounded per killed, 40 to
70 % of them return, after 3 months on average, and those of earlier months are in hospital.
Read: median (90 % interval), a deficit above 0 shrinks the force; or a chance and its word in
ICD 203, which has none below 1 and above 99 %; then how it was found, with the numerical error of
lattice and draws.
"""
INFERENCE = "  (44,000 is 35,000 + 9,000: it seems to carry December's recruits into January)"


def shown(answer: Answer) -> str:
    """Show a chance in per cent and in words; a number or a date shows itself."""
    found = answer.found
    if isinstance(found, at.EventSummary):
        chance = found.probability
        if found.method != "exact":  # No sample shows that something is certain.
            chance = min(max(chance, 1e-6), 1 - 1e-6)
        term = word(chance)
        text = "outside ICD 203" if term.outside else term.text
        return f"{percent(chance, decimals=1)}, {text}"
    if isinstance(found, at.Uncertain) and answer.level is not None:
        return people(found.ppf(answer.level))
    return str(found)


def how(found: at.Uncertain | at.EventSummary | at.Passage) -> str:
    """Name the method, with the numerical error of draws and of the lattice."""
    if found.method in {"exact", "quadrature"} or isinstance(found, at.Passage):
        return found.method
    if isinstance(found, at.EventSummary):
        return f"{found.method} +- {100 * max(found.error, 1e-4):.2f} %"
    error = found.summary().error
    return f"{found.method} +- {error:{'.0f' if error > 1 else '.1g'}}"


def say(title: str, answers: list[Answer]) -> None:
    """Print a sentence and its answers."""
    print(f"\n{title}")
    for answer in answers:
        print(f"  {answer.question:<35}{shown(answer):<46}{how(answer.found)}")


def draw(path: str) -> None:
    """Draw two of the readings side by side, on one scale."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 5), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    future(STATED).plot(left).set_title("read as irrecoverable")
    returning = future(AS_KILLED_AND_WOUNDED, BACK).plot(right)
    returning.set_title("read as killed and wounded, of whom many return")
    for axes in (left, right):
        axes.axhline(SIZE.median(), color="0.3", linestyle="--", label="median at the start")
        axes.legend(loc="lower left")
        axes.label_outer()
    figure.suptitle("Russian strength, were 44,000 lost and 35,000 recruited every month")
    figure.savefig(path, dpi=150)


def main() -> None:
    """Print the report and draw the picture."""
    print(PREAMBLE, end="")
    say('"Around 9,000 more battlefield losses than it was able to replace"', january())
    print(INFERENCE)
    say('"About 35,000", "roughly equal to Moscow\'s monthly recruitment"', december())
    say('"Just around 44,000 dead on the battlefield": three readings, a month', readings())
    print(
        f"\nAs killed and wounded, +-8 %, missing 0.35 per killed: chance of a smaller force, {END}"
    )
    rows = [[pair, *(f"{p:.3f}" for p in row)] for pair, row in table_of_signs().items()]
    print(textwrap.indent(text_table(["lost / joined", *WAYS], rows), "  "))
    print(f"  left out elsewhere: {future(AS_KILLED_AND_WOUNDED, BACK).omitted_exits}")
    say('"Twice as many in a single month" as "14,500 to 23,000" in Afghanistan', afghanistan())
    print(textwrap.indent(textwrap.fill(f"As it stands, refused: {refusal()}", 96), "  "))
    say('"Two years" to all of Donetsk Oblast', donetsk())
    say("What losses outrun recruitment, and what recruitment would hold, a month", outrun())
    say("Ten per cent less", ten_per_cent_less())
    draw("january_2026.png")


if __name__ == "__main__":
    main()
