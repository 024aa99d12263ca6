import re
import warnings
from datetime import date
from typing import TYPE_CHECKING

import attrs
import pytest

from attrition.accounts import Category, Per, Period, StrengthBasis
from attrition.errors import EstimateError, HorizonWarning, ProjectionError
from attrition.projection import (
    Change,
    Common,
    Hospital,
    LaterMix,
    Process,
    Ramp,
    Surge,
    Trend,
    Variation,
)
from attrition.projection.admission import (
    check_category,
    check_common,
    check_flows,
    check_horizon,
    check_past,
    check_sides,
    omitted_exits,
)
from attrition.projection.calendar import Grid
from attrition.uncertain import about
from tests.accounts import records
from tests.accounts.records import DECEMBER, JANUARY, unchecked
from tests.projection.futures import CLAIMED, HALF, back, claimed, future, intake, losses

if TYPE_CHECKING:
    from collections.abc import Sequence

GRID = Grid.spanning(date(2026, 2, 1), date(2027, 2, 1), Per.MONTH)
SIDE = "Russia"
C = Category


class TestFlows:
    def test_processes(self) -> None:
        """Processes are what is projected, others of either kind."""
        check_flows(losses(), intake(), [losses(), intake()])

    @pytest.mark.parametrize(
        ("place", "record", "kind"),
        [
            ("losses", records.lost(), "LossEstimate"),
            ("losses", records.joined(), "RecruitmentRate"),
            ("recruitment", records.joined(), "RecruitmentRate"),
            ("recruitment", records.lost(), "LossEstimate"),
            ("other", records.lost(), "LossEstimate"),
        ],
    )
    def test_bare_records(self, place: str, record: object, kind: str) -> None:
        """A record of the past is no model of the future, and the message shows steady."""
        with pytest.raises(ProjectionError) as caught:
            _check_flow_in(place, record)

        assert str(caught.value) == (
            f"{place} is a {kind}, a record of the past: expected a process. "
            f"Type {place}=steady(...) to say that the observed level goes on."
        )

    @pytest.mark.parametrize("place", ["losses", "recruitment", "other"])
    def test_numbers(self, place: str) -> None:
        """A number is no process."""
        with pytest.raises(ProjectionError) as caught:
            _check_flow_in(place, 44_000)

        assert str(caught.value) == (
            f"{place} is 44000: expected a process. Type {place}=steady(...) for a record, or "
            "build LossProcess(...) or IntakeProcess(...)."
        )

    def test_other_alone(self) -> None:
        """Other flows come in a list, even one."""
        process = losses()
        with pytest.raises(ProjectionError) as caught:
            unchecked(check_flows)(losses(), intake(), process)

        assert str(caught.value) == (
            f"other is {process!r}: expected a list of processes. Type other=[LossProcess(...)]."
        )

    def test_exchanged(self) -> None:
        """Losses are no recruitment and recruitment is no losses."""
        with pytest.raises(ProjectionError, match=r"^losses is IntakeProcess\("):
            _check_flow_in("losses", intake())
        with pytest.raises(ProjectionError, match=r"^recruitment is LossProcess\("):
            _check_flow_in("recruitment", losses())


def _check_flow_in(place: str, value: object) -> None:
    flows = {"losses": losses(), "recruitment": intake()} | {place: value}
    other = [intake(), value] if place == "other" else []
    unchecked(check_flows)(flows["losses"], flows["recruitment"], other)


class TestSides:
    def test_one_side(self) -> None:
        """Flows of one side belong together."""
        check_sides(SIDE, [losses(), intake()])

    @pytest.mark.parametrize(("process", "kind"), [(losses(), "losses"), (intake(), "recruitment")])
    def test_two_sides(self, process: Process, kind: str) -> None:
        """Those of another side are other people."""
        with pytest.raises(EstimateError) as caught:
            check_sides("Ukraine", [process])

        assert str(caught.value) == (
            f"the force is of Ukraine and the {kind} of Russia: expected one side. "
            "Type side='Ukraine' in both if they are the same people."
        )


class TestCategory:
    @pytest.mark.parametrize(
        ("category", "returns", "basis"),
        [
            (C.IRRECOVERABLE, False, None),
            (C.IRRECOVERABLE, False, StrengthBasis.PRESENT),
            (C.IRRECOVERABLE, False, StrengthBasis.COMMITTED),
            (C.IRRECOVERABLE, False, StrengthBasis.ASSIGNED),
            (C.IRRECOVERABLE, False, StrengthBasis.AUTHORISED),
            (C.SEPARATIONS, False, StrengthBasis.ASSIGNED),
            (C.KILLED_AND_WOUNDED, True, StrengthBasis.COMMITTED),
            (C.CASUALTIES, True, StrengthBasis.PRESENT),
            (C.DNB_RTD, True, None),
        ],
    )
    def test_admitted(
        self, category: Category, basis: StrengthBasis | None, *, returns: bool
    ) -> None:
        """Losses for good alone, and losses that return with those who do."""
        check_category(category, back() if returns else None, basis)

    @pytest.mark.parametrize("category", [C.KILLED, C.KIA, C.DEATHS, C.DNB_DIED])
    @pytest.mark.parametrize("returns", [True, False])
    def test_dead_alone(self, category: Category, *, returns: bool) -> None:
        """The dead are not all who leave, and the message shows both ways out."""
        with pytest.raises(ProjectionError) as caught:
            check_category(category, back() if returns else None)

        assert str(caught.value) == (
            f"{category} alone are not all who leave: the wounded come on top. Type "
            "convert(estimate, to=Category.KILLED_AND_WOUNDED, mix=...) with "
            "returns=Returns(...), or category=Category.IRRECOVERABLE if the figure means that."
        )

    @pytest.mark.parametrize(
        ("category", "come_back"),
        [(C.KILLED_AND_WOUNDED, "WIA_RTD"), (C.CASUALTIES, "WIA_RTD | DNB_RTD")],
    )
    def test_who_comes_back(self, category: Category, come_back: str) -> None:
        """Losses of whom some return need to say who and when."""
        with pytest.raises(ProjectionError) as caught:
            check_category(category, None, StrengthBasis.PRESENT)

        assert str(caught.value) == (
            f"{category} includes {come_back}, who come back, and nothing says when. Type "
            "returns=Returns(mix=CasualtyMix.from_ratios(...), delay=Delay.gamma(mean=3, sd=2), "
            "hospital=Hospital.steady()), or category=Category.IRRECOVERABLE if the figure means "
            "that."
        )

    def test_nobody_comes_back(self) -> None:
        """Returns of losses for good contradict them."""
        with pytest.raises(ProjectionError) as caught:
            check_category(C.IRRECOVERABLE, back(), StrengthBasis.COMMITTED)

        assert str(caught.value) == (
            "returns were given, and of IRRECOVERABLE nobody comes back: expected a category with "
            "WIA_RTD | DNB_RTD. Leave returns out, or type category=Category.KILLED_AND_WOUNDED "
            "if the figure means that."
        )

    @pytest.mark.parametrize("basis", [StrengthBasis.ASSIGNED, StrengthBasis.AUTHORISED])
    def test_returns_on_the_books(self, basis: StrengthBasis) -> None:
        """Who never left the books cannot return to them."""
        with pytest.raises(ProjectionError) as caught:
            check_category(C.KILLED_AND_WOUNDED, back(), basis)

        assert str(caught.value) == (
            f"returns were given on {basis.name} strength, which the wounded never leave: "
            "expected none. Leave returns out and project category=Category.IRRECOVERABLE, or "
            "type basis=StrengthBasis.COMMITTED."
        )

    def test_wounded_on_the_books(self) -> None:
        """Of assigned strength only losses for good leave."""
        with pytest.raises(ProjectionError) as caught:
            check_category(C.KILLED_AND_WOUNDED, None, StrengthBasis.ASSIGNED)

        assert str(caught.value) == (
            "KILLED_AND_WOUNDED includes WIA_RTD, who stay on ASSIGNED strength: expected losses "
            "for good. Type convert(estimate, to=Category.IRRECOVERABLE, mix=...), or "
            "basis=StrengthBasis.COMMITTED."
        )


def _shared(per: Per, name: str = "front") -> Variation:
    return Variation.independent(0.1, per, common=Common(name=name, loading=0.5))


class TestCommonShocks:
    def test_one_clock(self) -> None:
        """Shocks are shared by like clocks; other clocks have shocks of other names, or none."""
        check_common(
            [
                losses(variation=_shared(Per.WEEK)),
                intake(),
                intake(variation=Variation.independent(0.1, Per.MONTH)),
                losses(variation=_shared(Per.WEEK)),
                intake(variation=_shared(Per.MONTH, "mud")),
            ]
        )

    def test_two_clocks(self) -> None:
        """A month's shock is no week's shock."""
        lost, joined = losses(variation=_shared(Per.MONTH)), intake(variation=_shared(Per.WEEK))
        with pytest.raises(ProjectionError) as caught:
            future(lost=lost, joined=joined)

        assert str(caught.value) == (
            "the losses and the recruitment share the shocks 'front', and per is Per.MONTH in one "
            "variation and Per.WEEK in the other: expected one clock. Type per=Per.MONTH in both, "
            "or give the shocks two names."
        )


class TestPast:
    LOST = losses(30_000, CLAIMED)
    START = date(2026, 1, 1)

    def test_before_the_start(self) -> None:
        """Losses up to the start fill the hospital, and an empty one fits always."""
        hospital = Hospital.from_losses([claimed(1, DECEMBER)])
        check_past(self.LOST, back(hospital=hospital), self.START)
        check_past(self.LOST, back(), self.START)

    @pytest.mark.parametrize(
        ("category", "side"), [(C.CASUALTIES, "Russia"), (C.KILLED_AND_WOUNDED, "Ukraine")]
    )
    def test_others(self, category: Category, side: str) -> None:
        """Those in hospital are of the same kind and side as those who will be."""
        estimate = records.lost(1, category, period=DECEMBER, side=side)
        with pytest.raises(ProjectionError) as caught:
            check_past(self.LOST, back(hospital=Hospital.from_losses([estimate])), self.START)

        assert str(caught.value) == (
            f"the hospital holds {category} of {side} and the losses are KILLED_AND_WOUNDED of "
            "Russia: expected the same. Convert the past losses with convert(estimate, to=..., "
            "mix=...)."
        )

    def test_beyond_the_start(self) -> None:
        """Losses after the start are no past."""
        hospital = Hospital.from_losses([claimed(1, DECEMBER), claimed(1, JANUARY)])
        with pytest.raises(ProjectionError) as caught:
            check_past(self.LOST, back(hospital=hospital), self.START)

        assert str(caught.value) == (
            "past losses of January 2026 reach beyond the start 2026-01-01: expected periods "
            "before it. Cut the period, or leave it out."
        )

    def test_later_mix_before_the_start(self) -> None:
        """One mix fills the hospital, so that all others start at the start or after it."""
        early, at_start = (
            attrs.evolve(back(), later=LaterMix(mix=HALF, start=day))
            for day in (date(2025, 12, 31), self.START)
        )
        check_past(self.LOST, at_start, self.START)
        with pytest.raises(ProjectionError) as caught:
            check_past(self.LOST, early, self.START)

        assert str(caught.value) == (
            "a later mix starts on 2025-12-31, before the start 2026-01-01: expected a date from "
            "the start on, for one mix fills the hospital. Type mix=... with the mix that holds "
            "at the start, and leave those before it out."
        )


BEFORE, AFTER = Period.month(2026, 1), Period.month(2027, 2)


class TestHorizon:
    @pytest.mark.parametrize(
        "change",
        [
            Change(factor=1.2, during=BEFORE),
            Change(factor=1.2, during=AFTER),
            Change(level=30_000, start=AFTER.start),
            Change(factor=1.2, start=AFTER.start),
            Ramp(factor=1.2, during=AFTER),
            Surge(people=300, during=BEFORE),
            Surge(people=300, during=AFTER),
        ],
    )
    @pytest.mark.parametrize("kind", ["losses", "recruitment"])
    def test_outside(self, kind: str, change: Change | Ramp | Surge) -> None:
        """A change without effect warns, once and where the projection was asked for."""
        lost = losses(changes=[change]) if kind == "losses" else losses()
        joined = intake(changes=[change]) if kind == "recruitment" else intake()
        with pytest.warns(HorizonWarning) as caught:
            future(lost=lost, joined=joined)

        message = (
            f"a {type(change).__name__} of the {kind} lies outside the projection from "
            f"2026-02-01 to 2027-02-01 and changes nothing: {change}. Check its dates, or leave "
            "it out."
        )
        assert [str(warning.message) for warning in caught] == [message]
        assert caught[0].filename.endswith("futures.py")

    @pytest.mark.parametrize(
        "change",
        [
            Change(factor=1.2, during=Period.spanning(date(2026, 1, 1), date(2026, 2, 1))),
            Change(factor=1.2, during=Period.spanning(date(2027, 1, 31), date(2027, 5, 1))),
            Change(factor=1.2, during=Period.year(2026)),
            Change(level=30_000, start=date(2027, 1, 31)),
            Change(level=30_000, start=date(2025, 1, 31)),
            Change(factor=1.2, start=date(2027, 1, 31)),
            Change(factor=1.2, start=date(2025, 1, 31)),
            Ramp(factor=1.2, during=BEFORE),
            Ramp(factor=1.2, during=Period.spanning(date(2027, 1, 31), date(2027, 5, 1))),
            Surge(people=300, during=Period.spanning(date(2026, 1, 1), date(2026, 2, 1))),
        ],
    )
    def test_inside(self, change: Change | Ramp | Surge) -> None:
        """A single day inside is an effect, and so is a level from before the start."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            check_horizon([losses(changes=[change])], GRID)

    def test_mix_after_the_end(self) -> None:
        """A mix that starts with the end of the projection warns, one of its last day does not."""
        late, last = (
            attrs.evolve(back(), later=LaterMix(mix=HALF, start=day))
            for day in (date(2027, 2, 1), date(2027, 1, 31))
        )
        check_horizon([losses()], GRID, last)
        with pytest.warns(HorizonWarning) as caught:
            future(lost=losses(1, CLAIMED), returns=late)

        assert [str(warning.message) for warning in caught] == [
            "a later mix starts on 2027-02-01, outside the projection from 2026-02-01 to "
            "2027-02-01, and changes nothing. Check its date, or leave it out."
        ]
        assert caught[0].filename.endswith("futures.py")

    def test_every_change_is_looked_at(self) -> None:
        """Each change of each process is checked."""
        outside = Surge(people=300, during=AFTER)
        flows: Sequence[Process] = [losses(changes=[outside]), intake(changes=[outside, outside])]
        with pytest.warns(HorizonWarning) as caught:
            check_horizon(flows, GRID)

        assert len(caught) == 3

    def test_trend_below_zero(self) -> None:
        """A straight line that crosses zero within the horizon is refused, in either flow."""
        falling = Trend(per_year=about(-0.5, sd=0.3), form="linear")
        for process in (losses(trend=falling), intake(trend=falling)):
            with pytest.raises(ProjectionError) as caught:
                check_horizon([losses(), process], GRID)

            assert str(caught.value) == (
                f"the trend of the {process.kind} turns the level negative before 2027-02-01: "
                'expected a level of 0 or more. Type form="exponential", or a shorter horizon.'
            )


class TestOmittedExits:
    def test_what_no_flow_counts(self) -> None:
        """Exits that neither the losses nor other losses count are left out."""
        others: list[Process] = [
            losses(1, C.DESERTED),
            losses(1, C.DNB_DIED | C.DNB_LOST),
            intake(),
        ]

        assert omitted_exits(losses(), ()) == (C.DNB_DIED | C.DNB_LOST | C.DESERTED | C.DISCHARGED)
        assert omitted_exits(losses(1, CLAIMED), ()) == (
            C.MIA | C.POW | C.DNB_DIED | C.DNB_LOST | C.DESERTED | C.DISCHARGED
        )
        assert omitted_exits(losses(), others) == C.DISCHARGED

    def test_nothing(self) -> None:
        """All exits counted leave none out."""
        assert not omitted_exits(losses(1, C.SEPARATIONS), ())

    def test_names(self) -> None:
        """What is left out has a name each."""
        assert re.fullmatch(r"[A-Z_]+( \| [A-Z_]+)*", str(omitted_exits(losses(), ())))
