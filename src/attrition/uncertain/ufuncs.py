"""Which numpy functions are courtesies for uncertain scalars, and what they stand for."""

import numpy as np

from attrition.uncertain import operations as op
from attrition.uncertain.node import Operation

__all__ = ["ARITHMETIC", "COMPARISONS", "IDENTITY"]

ARITHMETIC: dict[np.ufunc, Operation] = {
    np.add: op.Add(),
    np.subtract: op.Subtract(),
    np.multiply: op.Multiply(),
    np.divide: op.Divide(),
    np.power: op.Power(),
    np.exp: op.Exp(),
    np.log: op.Log(),
    np.sqrt: op.Sqrt(),
    np.maximum: op.Maximum(),
    np.minimum: op.Minimum(),
}

COMPARISONS: dict[np.ufunc, tuple[Operation, bool]] = {
    np.less: (op.Less(), False),
    np.less_equal: (op.LessEqual(), False),
    np.greater: (op.Less(), True),
    np.greater_equal: (op.LessEqual(), True),
}
"""The operation, and whether its arguments change places."""

IDENTITY: dict[np.ufunc, bool] = {np.equal: True, np.not_equal: False}
"""Asked by numpy's scalars, as in ``np.float64(3) == x``: whether being the same is wanted."""
