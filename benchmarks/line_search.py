"""What the engine's optimiser does without: a search along each direction for the strong Wolfe conditions.

[NW06] Nocedal, Wright: Numerical Optimization, 2nd edition, 2006, algorithms 3.5 and 3.6, and equation 3.59.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

from torch import Tensor

from ml.lbfgs import LBFGS
from ml.preconditioner import Preconditioner

DECREASE, CURVATURE = 1e-4, 0.9
MOST_TRIALS = 10
# A trial comes no nearer to an end of the bracket than this share of its length.
MARGIN = 0.1


@dataclass(frozen=True)
class Point:
    """On the line: how far, the loss there, and its slope."""

    far: float
    loss: float
    slope: float


class SearchingLBFGS(LBFGS):
    """Proposes points along one direction until the loss falls enough there and its slope has flattened enough."""

    # The bracket's ends; none beyond, where the search has not gone too far yet.
    near: Point
    beyond: Point | None

    def __init__(self, start: Tensor, history: int, preconditioner: Preconditioner | None = None) -> None:
        super().__init__(start, history, preconditioner)
        self.trials = 0

    def tell(self, loss: float, gradient: Tensor) -> bool:
        if self.loss == float("inf"):
            return self._take(loss, gradient)
        found = Point(self.far, loss, float(gradient @ self.direction))
        falls = isfinite(loss) and loss <= self.loss + DECREASE * self.far * self.initial_slope
        self.trials += 1
        if falls and abs(found.slope) <= -CURVATURE * self.initial_slope:
            return self._take(loss, gradient)
        if self.trials == MOST_TRIALS:
            return self._take(loss, gradient) if loss < self.loss else self._start_anew()
        self._narrow(found, falls)
        self.proposal = self.accepted + self.far * self.direction
        return False

    def _take(self, loss: float, gradient: Tensor) -> bool:
        self._accept(loss, gradient)
        self._set_out()
        return True

    def _start_anew(self) -> bool:
        self.pairs.clear()
        self._set_out()
        return False

    def _set_out(self) -> None:
        """Along a new direction, the unit step first."""
        self.direction = self._step()
        self.initial_slope = float(self.gradient @ self.direction)
        self.near, self.beyond = Point(0.0, self.loss, self.initial_slope), None
        self.far, self.trials = 1.0, 0
        self.proposal = self.accepted + self.direction

    def _narrow(self, found: Point, falls: bool) -> None:
        """The bracket, and the next trial within it; twice as far where there is none yet."""
        if not falls or found.slope > 0:
            self.beyond = found
        else:
            self.near = found
        self.far = between(self.near, self.beyond) if self.beyond else 2 * self.far


def between(one: Point, other: Point) -> float:
    """Where the cubic through both is least ([NW06] eq. 3.59), or halfway; not too near to either."""
    low, high = sorted([one.far, other.far])
    least = _least(one, other)
    margin = MARGIN * (high - low)
    return min(max(least, low + margin), high - margin)


def _least(one: Point, other: Point) -> float:
    half = (one.far + other.far) / 2
    if not isfinite(other.loss):
        return half
    first = one.slope + other.slope - 3 * (one.loss - other.loss) / (one.far - other.far)
    square = first**2 - one.slope * other.slope
    if square < 0:
        return half
    second = sqrt(square) * (1 if other.far > one.far else -1)
    return other.far - (other.far - one.far) * (other.slope + second - first) / (other.slope - one.slope + 2 * second)
