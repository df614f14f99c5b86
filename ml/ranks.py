"""Several processes that train one network, a GPU each, as `torchrun` starts them; alone, all of this does nothing.

Gradients are averaged here and not by DistributedDataParallel, which counts on one forward pass for each backward: the
discriminator looks twice, at real and at generated pictures, before it goes back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import distributed, nn


@contextmanager
def joined(device: str) -> Iterator[str]:
    """Within, the processes that `torchrun` started on this machine know each other. Gives the device of this one: a
    GPU of its own, where `device` is auto or cuda and there are any."""
    if "LOCAL_RANK" not in os.environ:
        yield device
        return
    on_gpus = torch.cuda.is_available() and device in ("auto", "cuda")
    distributed.init_process_group("nccl" if on_gpus else "gloo")
    try:
        yield f"cuda:{os.environ['LOCAL_RANK']}" if on_gpus else device
    finally:
        distributed.destroy_process_group()


def rank() -> int:
    """The number of this process, from 0; number 0 judges, writes and reports."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def world() -> int:
    """How many processes there are."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def average_gradients(network: nn.Module) -> None:
    """Replace every gradient of `network` by its mean over all processes, in one exchange."""
    if world() == 1:
        return
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    together = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(together)
    for gradient, part in zip(gradients, torch.split(together, [each.numel() for each in gradients]), strict=True):
        gradient.copy_((part / world()).view_as(gradient))


def agreed(wish: bool, device: torch.device) -> bool:
    """True in all processes when `wish` is true in any: nobody may stop while the others wait for their gradients."""
    if world() == 1:
        return wish
    votes = torch.tensor(float(wish), device=device)
    distributed.all_reduce(votes)
    return bool(votes > 0)


def wait_for_all() -> None:
    if world() > 1:
        distributed.barrier()
