"""Several paintings at once: each is what it would be alone, and the device is asked once for all of them.

A small picture leaves most of a large device idle. Each painting goes its own way, and only waits for the others before
each evaluation, where those of one size go through the network together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import torch
from PIL import Image
from torch import Tensor

from ml.errors import EngineError, NotEnoughMemory, SettingsError
from ml.features import FeatureNetwork
from ml.memory import shortage_in_words, usable
from ml.objective import Evaluation
from ml.transfer import Commission, Question, painted
from ml.weights import load_network


def stylize_batch(
    commissions: Sequence[Commission], *, network: FeatureNetwork | None = None, memory: int | None = None
) -> Iterator[tuple[int, Image.Image | EngineError]]:
    """Paint several commissions side by side: the number of each with its picture, or with what ended it, as they are
    done. What ends one, Stopped included, is nothing to the others.

    `memory`, in bytes, is what all may take together, in equal shares. Raises SettingsError where not all want the
    same network, and WeightsMissing.
    """
    names = {commission.settings.network for commission in commissions}
    if len(names) > 1:
        raise SettingsError(f"one batch is seen by one network, and these want {' and '.join(sorted(names))}")
    if not commissions:
        return
    network = network or load_network(names.pop())
    share = (usable(network.devices) if memory is None else memory) // len(commissions)
    easels = [Easel(number, commission, network, share) for number, commission in enumerate(commissions)]
    while easels:
        yield from [(easel.number, easel.outcome) for easel in easels if easel.outcome is not None]
        easels = [easel for easel in easels if easel.outcome is None]
        _step(easels)


class Easel:
    """A painting that stands beside others."""

    def __init__(self, number: int, commission: Commission, network: FeatureNetwork, memory: int) -> None:
        self.number = number
        self.outcome: Image.Image | EngineError | None = None
        self.alone = False
        self._painting = painted(commission, network, memory)
        self.take(None)

    @property
    def kind(self) -> tuple[str | int, ...]:
        """Pictures of the same kind can be seen together; one that is looked at in tiles, by itself."""
        objective = self.question.objective
        alone = self.alone or len(objective.tiles) > 1
        return (objective.settings.pooling, *self.question.picture.shape, self.number if alone else -1)

    def take(self, answer: Evaluation | None) -> None:
        """Go on to the next question, or to the outcome."""
        try:
            with shortage_in_words():
                self.question = self._painting.send(answer)  # type: ignore[arg-type]
        except StopIteration as end:
            self.outcome = end.value
        except EngineError as error:
            self.outcome = error.with_traceback(None)

    def take_alone(self) -> None:
        """Go on by one question that nobody else is asked."""
        try:
            answer = self.question.answer()
        except EngineError as error:
            self.outcome = error.with_traceback(None)
        else:
            self.take(answer)


def _step(easels: Sequence[Easel]) -> None:
    """One evaluation for every painting."""
    kind = attrgetter("kind")
    for _, group in groupby(sorted(easels, key=kind), key=kind):
        _step_together(list(group))


def _step_together(easels: Sequence[Easel]) -> None:
    """One evaluation for paintings of one kind; from where memory does not suffice for all at once, each by itself."""
    if len(easels) == 1:
        easels[0].take_alone()
    elif answers := _answered_together(easels):
        for easel, answer in zip(easels, answers, strict=True):
            easel.take(answer)
    else:
        for easel in easels:
            easel.alone = True
            easel.take_alone()


def _answered_together(easels: Sequence[Easel]) -> list[Evaluation] | None:
    """The answers to what each asks; None where memory does not suffice."""
    try:
        with shortage_in_words():
            return evaluated_together([easel.question for easel in easels])
    except NotEnoughMemory:
        return None


def evaluated_together(questions: Sequence[Question]) -> list[Evaluation]:
    """The answer to each of several questions about pictures of one size, and one pooling, by one pass through the
    network and back."""
    images = [question.picture.detach().requires_grad_() for question in questions]
    objective = questions[0].objective
    layers: set[str] = set().union(*(question.objective.layers for question in questions))
    features = objective.network(torch.cat(images), layers, objective.settings.pooling)
    found = [
        question.objective.terms_of(image, _one_of(features, number))
        for number, (question, image) in enumerate(zip(questions, images, strict=True))
    ]
    gradients = torch.autograd.grad(torch.stack([term for terms in found for term in terms]).sum(), images)
    return [Evaluation.of(terms, gradient) for terms, gradient in zip(found, gradients, strict=True)]


def _one_of(features: dict[str, Tensor], number: int) -> dict[str, Tensor]:
    return {layer: F[number : number + 1] for layer, F in features.items()}
