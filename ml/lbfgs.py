"""How it is reached: limited-memory BFGS with one evaluation a step and a way back.

[BNS94] Byrd, Nocedal, Schnabel: Representations of Quasi-Newton Matrices and Their Use in Limited Memory Methods,
Mathematical Programming 63, 1994.
[N80] Nocedal: Updating Quasi-Newton Matrices with Limited Storage, Mathematics of Computation 35, 1980.
[NW06] Nocedal, Wright: Numerical Optimization, 2nd edition, 2006, chapters 6 and 7.

There is no line search: at one evaluation a step the unit step is nearly always good, and a search would spend two or
more. What a search guards against is caught afterwards instead: a point where loss or gradient explodes, or is not
finite, is never accepted; the optimiser goes back to the last good point, forgets its curvature and steps shorter.

A device is waited for twice a step, beside for the objective's value: once for each of the questions whose answers
steer, whether the point is good, and whether the curvature along the step is positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from ml.errors import Diverged
from ml.preconditioner import Preconditioner

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
# What the next steps depend on, beside the pairs and the preconditioner.
CARRIED = ("proposal", "accepted", "gradient", "steepness", "loss", "rate", "rollbacks")


class LBFGS:
    """Minimises a function of a flat vector, told its value and gradient at the points that it proposes.

        optimiser = LBFGS(start)
        for _ in range(steps):
            optimiser.tell(*evaluate(optimiser.proposal))
        answer = optimiser.accepted

    `proposal` is where to evaluate next; `accepted` the last good point evaluated, with `loss` its value.
    """

    def __init__(self, start: Tensor, history: int = HISTORY, preconditioner: Preconditioner | None = None) -> None:
        """`start`: `(n,)`, float32 or float64, finite; with values of the order of one (see FIRST_STEP).
        `preconditioner`: what H⁰ is taken from; none: a multiple of the identity."""
        self.proposal = start.clone()
        self.accepted = start.clone()
        self.loss = float("inf")
        self.gradient = torch.zeros_like(start)
        self.steepness = 0.0
        self.pairs = Pairs(start, history)
        self.preconditioner = preconditioner
        self.rate = 1.0
        self.rollbacks = 0

    def tell(self, loss: float, gradient: Tensor) -> bool:
        """Take the loss and gradient `(n,)` at `proposal` and propose the next point; False where it had to go back.

        Raises Diverged where there is no finite point to go back to, or going back stopped helping.
        """
        steepness = float(gradient.norm())
        good = self._is_good(loss, steepness)
        if good:
            self._accept(loss, gradient)
            self.steepness = steepness
        else:
            self._go_back()
        self.proposal = self.accepted + self._step()
        return good

    def _is_good(self, loss: float, steepness: float) -> bool:
        if not (steepness < float("inf") and abs(loss) < float("inf")):
            return False
        if self.loss == float("inf"):
            return True
        return loss <= self.loss * LOSS_EXPLODES and steepness <= self.steepness * GRADIENT_EXPLODES

    def _accept(self, loss: float, gradient: Tensor) -> None:
        s, y = self.proposal - self.accepted, gradient - self.gradient
        # Only a pair of positive curvature keeps the inverse Hessian positive definite ([NW06] eq. 6.7).
        if bool(s @ y > 1e-10 * (y @ y)):
            self.pairs.add(s, y)
            if self.preconditioner:
                self.preconditioner.learn(s, y)
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
        direction = -self.pairs.inverse_hessian(self.gradient, self._rough)
        # Not zero: at the minimum itself nothing is divided by nothing.
        mean_change = direction.abs().mean().clamp(min=torch.finfo(direction.dtype).tiny)
        wanted = mean_change.clamp(max=LONGEST_STEP) if self.pairs else FIRST_STEP
        return direction * (self.rate * wanted / mean_change)

    def _rough(self, q: Tensor) -> Tensor:
        """H⁰·q, up to its scale."""
        return self.preconditioner.apply(q) if self.preconditioner else q

    def state_dict(self) -> dict[str, Any]:
        """All that the next steps depend on, as tensors and numbers."""
        state = {name: getattr(self, name) for name in CARRIED}
        state["pairs"] = self.pairs.state_dict()
        state["preconditioner"] = self.preconditioner.state_dict() if self.preconditioner else None
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly where the optimiser that gave `state` stood; this one has its history and preconditioner."""
        device = self.accepted.device
        for name in CARRIED:
            value = state[name]
            setattr(self, name, value.to(device) if isinstance(value, Tensor) else value)
        self.pairs.load_state_dict(state["pairs"])
        if self.preconditioner:
            self.preconditioner.load_state_dict(state["preconditioner"])


class Pairs:
    """The last few steps s and the changes y of the gradient over them, as rows of two flat buffers.

    The buffers are laid out once, and the products that a step needs are taken with all rows at a time: six passes over
    them a step, whatever the number of pairs, and no copies.
    """

    def __init__(self, like: Tensor, history: int) -> None:
        self.S, self.Y = (like.new_zeros(history, like.numel()) for _ in range(2))
        self.SY = torch.zeros(history, history, dtype=torch.float64, device=like.device)
        # The rows in use, oldest first.
        self.rows: list[int] = []

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return iter([(self.S[row], self.Y[row]) for row in self.rows])

    def add(self, s: Tensor, y: Tensor) -> None:
        """Take in a pair, in the place of the oldest where there is no room."""
        row = len(self.rows) if len(self.rows) < len(self.S) else self.rows.pop(0)
        self.rows.append(row)
        self.S[row], self.Y[row] = s, y
        self.SY[:, row], self.SY[row] = (self.S @ y).double(), (self.Y @ s).double()

    def clear(self) -> None:
        self.rows = []

    def inverse_hessian(self, g: Tensor, rough: Callable[[Tensor], Tensor]) -> Tensor:
        """H·g with H⁰ = γ·`rough`, by [BNS94] theorem 2.2; with no pairs, `rough` of g.

        With R the upper triangle of Sᵀ Y, and D its diagonal (columns are pairs, oldest first):
        H = (I − S R⁻ᵀ Yᵀ) H⁰ (I − Y R⁻¹ Sᵀ) + S R⁻ᵀ D R⁻¹ Sᵀ. γ makes yᵀ H⁰ y = sᵀ y hold for the newest pair, as in
        [NW06] eq. 7.20, where `rough` is the identity.
        """
        if not self.rows:
            return rough(g)
        R = self.SY[self.rows][:, self.rows].triu()
        a = _solved(R, self._products(self.S, g), upper=True)
        y = self.Y[self.rows[-1]]
        q = rough(g - self._sum(self.Y, a)) * (R[-1, -1] / (y @ rough(y)).double()).to(g.dtype)
        b = _solved(R.T, R.diagonal() * a - self._products(self.Y, q), upper=False)
        return q + self._sum(self.S, b)

    def _products(self, rows: Tensor, vector: Tensor) -> Tensor:
        return (rows @ vector)[self.rows].double()

    def _sum(self, rows: Tensor, weights: Tensor) -> Tensor:
        every = rows.new_zeros(len(rows))
        every[self.rows] = weights.to(rows.dtype)
        return every @ rows

    def state_dict(self) -> dict[str, Any]:
        return {"rows": list(self.rows), "S": self.S, "Y": self.Y, "SY": self.SY}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.rows = list(state["rows"])
        for name in ("S", "Y", "SY"):
            getattr(self, name).copy_(state[name])


def _solved(triangle: Tensor, right: Tensor, upper: bool) -> Tensor:
    return torch.linalg.solve_triangular(triangle, right.unsqueeze(1), upper=upper).squeeze(1)
