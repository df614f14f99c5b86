"""What goes wrong with GANs, noticed while it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What a step's D(x) and D(G(z)) still count after one more step, and beyond which the discriminator has won.
MEMORY = 0.98
CERTAIN = 0.98
# Steps before which nothing is said: at first the discriminator always wins.
SETTLING = 200
# The samples' features vary by less than this share of what the pictures' do: they are all alike.
COLLAPSED = 0.1
# The Fréchet distance has risen to this multiple of its best.
WORSENED = 1.5

NoteKind = Literal["won", "collapsed", "worsened"]
SENTENCES: dict[NoteKind, str] = {
    "won": "The discriminator tells every picture apart (D(x) {real:.2f}, D(G(z)) {fake:.2f}): the generator hardly "
    "learns any more. Augmentation, spectral norm or a lower discriminator rate may help.",
    "collapsed": "Mode collapse: the samples differ among themselves by {variety:.0%} of what the pictures do.",
    "worsened": "It has been getting worse since step {best_step} (Fréchet distance {best:.4g}, now {frechet:.4g}). "
    "The generator of that step is kept.",
}


@dataclass(frozen=True)
class Note:
    """Something that seems to go wrong; `str()` is a sentence saying what."""

    kind: NoteKind
    numbers: dict[str, float]
    """Those that the sentence tells, by their names in `SENTENCES`."""

    def __str__(self) -> str:
        return SENTENCES[self.kind].format(**self.numbers)


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
        self.found: dict[NoteKind, dict[str, float]] = {}

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(Note(kind, numbers) for kind, numbers in self.found.items())

    def see_step(self, real: float, fake: float) -> None:
        """Take in a step's mean D(x) and D(G(z)), both in 0–1."""
        self.steps += 1
        self.real = MEMORY * self.real + (1 - MEMORY) * real
        self.fake = MEMORY * self.fake + (1 - MEMORY) * fake
        won = self.steps > SETTLING and self.real > CERTAIN and self.fake < 1 - CERTAIN
        self._note("won", won, real=self.real, fake=self.fake)

    def see_judgement(self, judgement: Judgement, best: float, best_step: int) -> None:
        """Take in a judgement, where the `best` Fréchet distance so far is that of `best_step`."""
        self._note("collapsed", judgement.variety < COLLAPSED, variety=judgement.variety)
        worsened = judgement.frechet > WORSENED * best
        self._note("worsened", worsened, frechet=judgement.frechet, best=best, best_step=best_step)

    def state_dict(self) -> dict[str, object]:
        return {"steps": self.steps, "real": self.real, "fake": self.fake, "found": dict(self.found)}

    def load_state_dict(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def _note(self, kind: NoteKind, holds: bool, **numbers: float) -> None:
        if holds:
            self.found[kind] = numbers
        else:
            self.found.pop(kind, None)
