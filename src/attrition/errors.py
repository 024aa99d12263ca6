"""Every exception and warning of the library: when it occurs, and what to do."""

__all__ = [
    "AttritionError",
    "AttritionWarning",
    "BlockError",
    "CategoryError",
    "ClaimError",
    "ContradictionError",
    "DependenceError",
    "EstimateError",
    "EventError",
    "ExtrapolationWarning",
    "FewDrawsWarning",
    "FigureError",
    "HorizonWarning",
    "InterestWarning",
    "MixError",
    "MomentError",
    "NumberError",
    "ParameterError",
    "PeriodError",
    "PoolError",
    "ProjectionError",
    "SmallCountWarning",
    "SupportWarning",
    "WordError",
]


class AttritionError(Exception):
    """
    Base of every exception that the library raises on purpose.

    When it occurs: never itself; its subclasses do.

    How to fix it: read the message; it ends with what to type instead.
    """


class NumberError(AttritionError, TypeError):
    """
    Something that is not an uncertain number was used as one.

    When it occurs: a bool, a text, an array or an unfrozen scipy family was
    given where a number was expected, or an uncertain number was used where
    Python wants a certain one.

    How to fix it: pass a number, an :class:`~attrition.Uncertain`, or a frozen
    scipy distribution.
    """


class ParameterError(AttritionError, ValueError):
    """
    A parameter of an uncertain number makes no distribution.

    When it occurs: a spread that is not positive, bounds that are reversed, a
    confidence outside (0, 1), a value that is nan or infinite.

    How to fix it: the message names the parameter, its value and its range.
    """


class DependenceError(AttritionError, ValueError):
    """
    The ties between unknowns contradict each other or were not stated.

    When it occurs: two different leaves carry one name in one question, or two
    figures of one source are compared without a correlation.

    How to fix it: use one object for one unknown, another name for another, and
    state the correlation where the message asks for it.
    """


class EventError(AttritionError, TypeError):
    """
    An event was used as if it were true or false, or taken for true although it is too rare.

    When it occurs: ``if x > y`` or ``max(x, y)`` on uncertain numbers; ``given(x, event)`` with an
    event that cannot happen, or hardly can.

    How to fix it: ask for ``probability(x > y)``, or use ``maximum(x, y)``; take a claim that
    contradicts what was stated to ``reconcile``.
    """


class MomentError(AttritionError, ArithmeticError):
    """
    A mean or a variance was asked for that does not exist.

    When it occurs: heavy tails, for example a Cauchy distribution.

    How to fix it: use ``median()`` and ``interval(confidence)``.
    """


class FigureError(AttritionError, ValueError):
    """
    A text is not one figure, or it is more than one.

    When it occurs: ``parse_figure`` on a text without digits, with several
    numbers, with a date or a percentage, or with a number that has two readings.

    How to fix it: the message shows the place and what was expected there; cut
    the text to the one figure that is meant, or write its numbers in full.

    Attributes:
        text: What was to be read.

        position: Where in the text the reading stopped, from 0.
    """

    def __init__(self, message: str, *, text: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.text = text
        self.position = position


class PeriodError(AttritionError, ValueError):
    """
    A stretch of time is empty, reversed, or not what it must be.

    When it occurs: a period whose end is not after its start, a month that does
    not exist, a horizon before the start.

    How to fix it: periods are half-open; the message shows the two dates.
    """


class CategoryError(AttritionError, TypeError):
    """
    Two figures count different people, or in different units.

    When it occurs: killed are compared with killed and wounded, persons with
    cases, a stock with a flow.

    How to fix it: ``convert`` one of them with a :class:`~attrition.CasualtyMix`.
    """


class EstimateError(AttritionError, ValueError):
    """
    A record of what was counted is incomplete or impossible.

    When it occurs: a count below zero, an empty side, sides that differ, a floor
    where a central estimate is needed.

    How to fix it: the message names the field, its value and what was expected.
    """


class MixError(AttritionError, ValueError):
    """
    A casualty mix does not determine what was asked of it.

    When it occurs: a ratio that a conversion needs was never given, or ratios
    that contradict each other.

    How to fix it: the message names the ratio to add.
    """


class ClaimError(AttritionError, ValueError):
    """
    A claim cannot be weighed against the quantities it is about.

    When it occurs: an exact claim without its scale, a claim on numbers that are
    not among the quantities, a value whose spread has no density.

    How to fix it: the message names the claim and shows what to state.
    """


class ContradictionError(AttritionError, ValueError):
    """
    Nothing satisfies all claims at once.

    When it occurs: exact claims that exclude each other, or a claim whose bounds
    leave no room for what else is known.

    How to fix it: drop the claim that the message names, or state the spread that
    its figure has.
    """


class PoolError(AttritionError, ValueError):
    """
    Estimates cannot be pooled in the way that was asked for.

    When it occurs: an unknown method, an option that a method needs or has no use for,
    weights that do not fit, an estimate without a spread or a density where one is
    needed, floors and ceilings that contradict the pool.

    How to fix it: the message names the estimates and shows what to type instead.
    """


class ProjectionError(AttritionError, ValueError):
    """
    A projection cannot be made from what it was given.

    When it occurs: bare records, losses that do not say what comes back, returns
    on assigned strength, unknown methods.

    How to fix it: the message shows the call that works.
    """


class BlockError(ProjectionError):
    """
    A block of long work failed; the blocks before it are kept.

    When it occurs: the executor died, memory ran out, or a block raised something of its own,
    the cause of this error.

    How to fix it: the message names the block and says what to type; go on with ``partial`` if
    fewer draws will do.

    Attributes:
        partial: What ``project`` would have returned with the blocks done: a
            :class:`~attrition.Projection`, or None if there are none.
    """

    def __init__(self, message: str, *, partial: object = None) -> None:
        super().__init__(message)
        self.partial = partial


class WordError(AttritionError, ValueError):
    """
    A probability, a scale or a number of digits has no wording.

    When it occurs: a probability outside [0, 1] or a scale nobody published.

    How to fix it: the message lists what is known.
    """


class AttritionWarning(UserWarning):
    """
    Base of every warning of the library.

    When it occurs: never itself; its subclasses do.

    How to fix it: read the message; it says what to do when it is intended.
    """


class ExtrapolationWarning(AttritionWarning):
    """
    A figure for one period is used for another one.

    When it occurs: ``estimate.over(period)`` outside the observed period.

    How to fix it: project the process with ``steady`` if it is meant to go on.
    """


class FewDrawsWarning(AttritionWarning):
    """
    A posterior rests on few effective draws.

    When it occurs: claims that lie far from what was known before, or that leave a
    sliver of it.

    How to fix it: read ``errors`` of the result; widen the prior of the quantities
    or the spread of the claims where either was stated too narrow.
    """


class HorizonWarning(AttritionWarning):
    """
    A change or a surge has no effect inside the projection.

    When it occurs: its dates lie before the start or after the end.

    How to fix it: check the dates, or leave it out.
    """


class InterestWarning(AttritionWarning):
    """
    Figures of speakers with opposed interests are pooled as they were stated.

    When it occurs: ``pool`` with ``method="random"`` over a side's own figure and
    its adversary's, neither of them corrected for the bias of its source.

    How to fix it: divide each by what its source is known to exaggerate, or state
    the range between them as it is.
    """


class SmallCountWarning(AttritionWarning):
    """
    So few people are converted that chance matters, and it is left out.

    When it occurs: ``convert`` of fewer than 400 people, or to fewer.

    How to fix it: ``convert(..., sampling=True)`` adds the chance in who was hit
    how, ``sampling=False`` says that it is left out on purpose.
    """


class SupportWarning(AttritionWarning):
    """
    A function is used where part of the distribution has no value.

    When it occurs: dividing by a number with mass on both sides of zero.

    How to fix it: use a distribution that stays positive, such as
    ``between(low, high, confidence=..., family="lognormal")``.
    """
