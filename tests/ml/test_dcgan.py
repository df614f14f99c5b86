"""The two networks of the GAN, and their losses."""

from __future__ import annotations

import pytest
import torch

import ml
from ml.dcgan import BEYOND, Discriminator, Generator, discriminator_loss, generator_loss


def networks(**settings: object) -> tuple[Generator, Discriminator]:
    torch.manual_seed(0)
    chosen = ml.GanSettings(**({"width": 8} | settings))  # type: ignore[arg-type]
    return Generator(chosen), Discriminator(chosen)


def test_the_papers_network_has_the_papers_layers() -> None:
    generator, discriminator = networks(kind="single", size=64, width=64)

    assert [tuple(w.shape) for name, w in generator.state_dict().items() if w.dim() == 4] == [
        (100, 512, 4, 4),
        (512, 256, 4, 4),
        (256, 128, 4, 4),
        (128, 64, 4, 4),
        (64, 3, 4, 4),
    ]
    assert [tuple(w.shape) for name, w in discriminator.state_dict().items() if w.dim() == 4] == [
        (64, 3, 4, 4),
        (128, 64, 4, 4),
        (256, 128, 4, 4),
        (512, 256, 4, 4),
        (1, 512, 4, 4),
    ]


@pytest.mark.parametrize("size", [32, 64, 128, 256])
def test_one_latent_gives_one_picture_and_one_verdict(size: int) -> None:
    generator, discriminator = networks(kind="single", size=size)

    pictures = generator(torch.randn(2, 100, 1, 1))

    assert pictures.shape == (2, 3, size, size)
    assert pictures.abs().max() <= 1
    assert discriminator(pictures).shape == (2, 1, 1, 1)


@pytest.mark.parametrize("size", [32, 64, 128])
def test_a_field_gives_a_cell_for_each_latent_beyond_its_margin_and_a_map_of_verdicts(size: int) -> None:
    generator, discriminator = networks(kind="field", size=size)
    cell = generator.settings.cell

    pictures = generator(torch.randn(2, 100, BEYOND + 5, BEYOND + 7))

    assert pictures.shape == (2, 3, 5 * cell, 7 * cell)
    assert discriminator(pictures).shape == (2, 1, 2, 4)


def test_a_part_of_a_field_gives_that_part_of_its_picture() -> None:
    """So a picture has no border, no seam, and no grid but that of its cells, whatever its size."""
    generator, _ = networks(kind="field", size=32)
    generator.eval()
    field = torch.randn(1, 100, BEYOND + 9, BEYOND + 8)
    cell = generator.settings.cell

    whole, part = generator(field), generator(field[..., 2 : 2 + BEYOND + 4, 3 : 3 + BEYOND + 5])

    torch.testing.assert_close(part, whole[..., 2 * cell : 6 * cell, 3 * cell : 8 * cell])


def test_weights_are_drawn_as_the_paper_says() -> None:
    generator, discriminator = networks(kind="single", size=64, width=32)

    for network in (generator, discriminator):
        drawn = torch.cat([w.flatten() for w in network.state_dict().values() if w.dim() == 4])
        assert abs(float(drawn.mean())) < 1e-3
        assert float(drawn.std()) == pytest.approx(0.02, rel=0.02)


def test_the_losses_are_the_written_formulas() -> None:
    """Goodfellow et al. 2014, eq. 1 and §3, of probabilities in float64."""
    real, fake = torch.randn(2, 6, 1, 3, 3, dtype=torch.float64) * 3
    D_x, D_G_z = torch.sigmoid(real), torch.sigmoid(fake)

    J_D = -D_x.log().mean() - (1 - D_G_z).log().mean()
    J_G = -D_G_z.log().mean()

    assert float(discriminator_loss(real, fake)) == pytest.approx(float(J_D), rel=1e-6)
    assert float(generator_loss(fake)) == pytest.approx(float(J_G), rel=1e-6)


def test_the_losses_stay_finite_where_the_logarithms_do_not() -> None:
    certain = torch.tensor([200.0], requires_grad=True)

    loss = discriminator_loss(-certain, certain) + generator_loss(-certain)
    (gradient,) = torch.autograd.grad(loss, certain)

    assert loss.isfinite()
    assert gradient.isfinite()


def test_spectral_norm_keeps_layers_from_stretching() -> None:
    _, discriminator = networks(spectral_norm=True, size=32)
    for _ in range(20):
        discriminator(torch.randn(4, 3, 40, 40))

    for layer in discriminator.modules():
        if isinstance(layer, torch.nn.Conv2d):
            largest = torch.linalg.matrix_norm(layer.weight.detach().flatten(1), ord=2)
            assert float(largest) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"size": 48}, "size is 48; it must be 32 or 64 or 128 or 256"),
        ({"kind": "tiles"}, "kind is 'tiles'"),
        ({"width": 4}, "width is 4; it must be from 8 to 128"),
        ({"steps": 0}, "steps is 0"),
        ({"batch": 1}, "batch is 1"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"average": 1}, "average is 1"),
        ({"steps": 2.5}, "steps is 2.5; it must be a whole number"),
        ({"width": "64"}, "width is '64'"),
    ],
)
def test_settings_out_of_range_are_named(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ml.SettingsError, match=message):
        ml.GanSettings(**wrong)  # type: ignore[arg-type]
