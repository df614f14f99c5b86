"""How it is reached: limited-memory BFGS with one evaluation a step and a way back.

[N80] Nocedal: Updating Quasi-Newton Matrices with Limited Storage, Mathematics of Computation 35, 1980.
[NW06] Nocedal, Wright: Numerical Optimization, 2nd edition, 2006, chapters 6 and 7.

There is no line search: at one evaluation a step the unit step is nearly always good, and a search would spend two or
more. What a search guards against is caught afterwards instead: a point where loss or gradient explodes, or is not
finite, is never accepted; the optimiser goes back to the last good point, forgets its curvature and steps shorter.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import torch
from torch import Tensor

from ml.errors import Diverged

HISTORY = 10
# The first step, and each step after going back, follows the gradient with this mean change a value.
FIRST_STEP = 0.01
# No step changes the values by more than this in the mean: beyond it the quadratic model means nothing.
LONGEST_STEP = 0.05
# A loss or gradient this many times that of the last accepted point is an explosion, not the usual up and down.
LOSS_EXPLODES = 1.5
GRADIENT_EXPLODES = 8.0
SHORTEN = 0.25
MOST_ROLLBACKS = 12


class LBFGS:
    """Minimises a function of a flat vector, told its value and gradient at the points that it proposes.

        optimiser = LBFGS(start)
        for _ in range(steps):
            optimiser.tell(*evaluate(optimiser.proposal))
        answer = optimiser.accepted

    `proposal` is where to evaluate next; `accepted` the last good point evaluated, with `loss` its value.
    """

    def __init__(self, start: Tensor, history: int = HISTORY) -> None:
        """`start`: `(n,)`, float32 or float64, finite; with values of the order of one (see FIRST_STEP)."""
        self.proposal = start.clone()
        self.accepted = start.clone()
        self.loss = float("inf")
        self.gradient = torch.zeros_like(start)
        self.pairs: deque[tuple[Tensor, Tensor]] = deque(maxlen=history)
        self.rate = 1.0
        self.rollbacks = 0

    def tell(self, loss: float, gradient: Tensor) -> bool:
        """Take the loss and gradient `(n,)` at `proposal` and propose the next point; False where it had to go back.

        Raises Diverged where there is no finite point to go back to, or going back stopped helping.
        """
        good = self._is_good(loss, gradient)
        if good:
            self._accept(loss, gradient)
        else:
            self._go_back()
        self.proposal = self.accepted + self._step()
        return good

    def _is_good(self, loss: float, gradient: Tensor) -> bool:
        size = float(gradient.norm())
        if not (size < float("inf") and abs(loss) < float("inf")):
            return False
        if self.loss == float("inf"):
            return True
        return loss <= self.loss * LOSS_EXPLODES and size <= float(self.gradient.norm()) * GRADIENT_EXPLODES

    def _accept(self, loss: float, gradient: Tensor) -> None:
        s, y = self.proposal - self.accepted, gradient - self.gradient
        # Only a pair of positive curvature keeps the inverse Hessian positive definite ([NW06] eq. 6.7).
        if float(s @ y) > 1e-10 * float(y @ y):
            self.pairs.append((s, y))
        self.accepted, self.loss, self.gradient = self.proposal, loss, gradient.clone()
        self.rate, self.rollbacks = min(1.0, self.rate / SHORTEN**0.5), 0

    def _go_back(self) -> None:
        self.rollbacks += 1
        if self.loss == float("inf"):
            raise Diverged("the loss is not finite at the starting picture")
        if self.rollbacks > MOST_ROLLBACKS:
            raise Diverged(f"the loss stayed above {LOSS_EXPLODES:g} times {self.loss:.6g} however short the step")
        self.pairs.clear()
        self.rate *= SHORTEN

    def _step(self) -> Tensor:
        direction = self._direction()
        mean_change = float(direction.abs().mean())
        if mean_change == 0:
            return direction
        wanted = mean_change if self.pairs else FIRST_STEP
        return direction * (self.rate * min(wanted, LONGEST_STEP) / mean_change)

    def _direction(self) -> Tensor:
        """−H·g by the two-loop recursion, [NW06] algorithm 7.4, with H⁰ = sᵀy / yᵀy of the newest pair (eq. 7.20)."""
        q = -self.gradient
        steps = []
        for s, y in reversed(self.pairs):
            rho = 1 / (s @ y)
            alpha = rho * (s @ q)
            q = q - alpha * y
            steps.append((s, y, rho, alpha))
        if self.pairs:
            s, y = self.pairs[-1]
            q = q * ((s @ y) / (y @ y))
        for s, y, rho, alpha in reversed(steps):
            q = q + (alpha - rho * (y @ q)) * s
        return q

    def state_dict(self) -> dict[str, Any]:
        """All that the next steps depend on, as tensors and numbers."""
        return vars(self) | {"pairs": list(self.pairs)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly where the optimiser that gave `state` stood."""
        history, device = self.pairs.maxlen, self.accepted.device
        for name, value in state.items():
            setattr(self, name, value.to(device) if isinstance(value, Tensor) else value)
        self.pairs = deque(((s.to(device), y.to(device)) for s, y in state["pairs"]), maxlen=history)
