"""What goes wrong with GANs, noticed while it does and said in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

# What a step's D(x) and D(G(z)) still count after one more step, and beyond which the discriminator has won.
MEMORY = 0.98
CERTAIN = 0.98
# Steps before which nothing is said: at first the discriminator always wins.
SETTLING = 200
# The samples' features vary by less than this share of what the pictures' do: they are all alike.
COLLAPSED = 0.1
# The Fréchet distance has risen to this multiple of its best.
WORSENED = 1.5


@dataclass(frozen=True)
class Judgement:
    """How a generator's samples compare with the pictures held back."""

    frechet: float
    variety: float
    """The spread of the samples' features over that of the pictures'."""


class Watch:
    """Keeps the warnings that hold as a training stands."""

    def __init__(self) -> None:
        self.steps = 0
        self.real = self.fake = 0.5
        self.found: dict[str, str] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self.found.values())

    def see_step(self, real: float, fake: float) -> None:
        """Take in a step's mean D(x) and D(G(z)), both in 0–1."""
        self.steps += 1
        self.real = MEMORY * self.real + (1 - MEMORY) * real
        self.fake = MEMORY * self.fake + (1 - MEMORY) * fake
        won = self.steps > SETTLING and self.real > CERTAIN and self.fake < 1 - CERTAIN
        self._say(
            "won",
            won,
            f"The discriminator tells every picture apart (D(x) {self.real:.2f}, D(G(z)) {self.fake:.2f}): the "
            "generator hardly learns any more. Augmentation, spectral norm or a lower discriminator rate may help.",
        )

    def see_judgement(self, judgement: Judgement, best: float, best_step: int) -> None:
        """Take in a judgement, where the `best` Fréchet distance so far is that of `best_step`."""
        self._say(
            "collapsed",
            judgement.variety < COLLAPSED,
            f"Mode collapse: the samples differ among themselves by {judgement.variety:.0%} of what the pictures do.",
        )
        self._say(
            "worsened",
            judgement.frechet > WORSENED * best,
            f"It has been getting worse since step {best_step} (Fréchet distance {best:.4g}, now "
            f"{judgement.frechet:.4g}). The generator of that step is kept.",
        )

    def state_dict(self) -> dict[str, object]:
        return {"steps": self.steps, "real": self.real, "fake": self.fake, "found": dict(self.found)}

    def load_state_dict(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def _say(self, kind: str, holds: bool, sentence: str) -> None:
        if holds:
            self.found[kind] = sentence
        else:
            self.found.pop(kind, None)
