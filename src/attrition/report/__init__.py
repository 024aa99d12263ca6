"""To programs and pages: plots."""

from attrition.report import plot

__all__ = ["plot"]
