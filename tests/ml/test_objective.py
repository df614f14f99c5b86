"""The objective against the formulas page, in NumPy's float64, from the features that the network gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

import ml
from ml.features import FeatureNetwork
from ml.frame import framed
from ml.objective import Evaluation, Objective
from ml.settings import STATISTICS, Statistic

# Framed, its sides are multiples of 16, so that every position of every layer stands for a whole square of pixels.
HEIGHT, WIDTH = 32, 48
# The settings that the page has as numbers in its formula.
PAGE = ml.Settings(
    content_layer="relu4_2",
    style_layers=(("relu1_1", 1), ("relu2_1", 1), ("relu3_1", 1), ("relu4_1", 0.5), ("relu5_1", 0.2)),
    evenness=0.3,
    statistic="gram",
    pooling="max",
)
TERMS = ("content", "style", "tv")

Features = dict[str, np.ndarray]


def blocks(height: int, width: int, side: int, contrast: float, seed: int) -> Tensor:
    """Squares of `side` pixels in random colours, the paler the less the `contrast`."""
    random = torch.Generator().manual_seed(seed)
    colours = torch.rand(1, 3, -(-height // side), -(-width // side), generator=random)
    picture = functional.interpolate(colours, scale_factor=side, mode="nearest")[..., :height, :width]
    return 0.5 + contrast * (picture - 0.5)


PHOTO = blocks(HEIGHT, WIDTH, side=7, contrast=0.6, seed=1)
QUIET = blocks(28, 36, side=9, contrast=0.05, seed=2)
LOUD = blocks(40, 24, side=4, contrast=1, seed=3)
with_either_style = pytest.mark.parametrize(
    "style", [QUIET, LOUD], ids=["a style quieter than the photo", "a louder style"]
)


def disturbed(photo: Tensor) -> Tensor:
    """A painting of `photo` under way, in its frame."""
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(4))
    return framed((photo + 0.1 * noise).clamp(0, 1))


def features(network: FeatureNetwork, picture: Tensor, settings: ml.Settings) -> Features:
    """Layer → `(C, h, w)`."""
    layers = {settings.content_layer, *dict(settings.style_layers)}
    with torch.no_grad():
        return {layer: F[0].double().numpy() for layer, F in network(picture, layers, settings.pooling).items()}


def gram(F: np.ndarray, T: np.ndarray) -> np.ndarray:
    """Σ_k T_k F_k F_kᵀ / Σ_k T_k."""
    return np.einsum("k,ik,jk->ij", T.ravel(), *[F.reshape(len(F), -1)] * 2, optimize=True) / T.sum()


def everywhere(F: np.ndarray) -> np.ndarray:
    return np.ones(F.shape[1:])


def windows(height: int, width: int) -> list[np.ndarray]:
    """Three along the longer side, as many along the shorter as keep them square, but no more than every second
    position has room for; each fades up to the middles of its neighbours."""

    def along(length: int) -> list[np.ndarray]:
        count = max(1, min(round(3 * length / max(height, width)), length // 2))
        middles = (np.arange(count) + 0.5) * length / count
        return [np.interp(np.arange(length) + 0.5, middles, one) for one in np.eye(count)]

    return [np.outer(down, across) for down in along(height) for across in along(width)]


def spread(F: np.ndarray, T: np.ndarray) -> float:
    """Σ_r m_r ‖G_r − G‖²_F of the windows within T."""
    parts = [T * window for window in windows(*F.shape[1:])]
    G = gram(F, T)
    return sum(part.sum() / T.sum() * np.sum((gram(F, part) - G) ** 2) for part in parts if part.sum() > 0)


def root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def wasserstein(F: np.ndarray, S: np.ndarray) -> float:
    """‖μ_G − μ_A‖² + tr(Σ_G + Σ_A − 2 (Σ_A^½ Σ_G Σ_A^½)^½), with a thousandth of the style's largest variance added to
    every variance."""
    (mean, covariance), (wanted_mean, wanted) = [
        (X.mean((1, 2)), np.cov(X.reshape(len(X), -1), bias=True)) for X in (F, S)
    ]
    floor = 0.001 * np.linalg.eigvalsh(wanted)[-1] * np.eye(len(wanted))
    covariance, wanted = covariance + floor, wanted + floor
    half = root(wanted)
    return np.sum((mean - wanted_mean) ** 2) + np.trace(covariance + wanted - 2 * root(half @ covariance @ half))


def style_by_formula(
    F: Features, P: Features, styles: Sequence[tuple[float, Features]], settings: ml.Settings, mask: np.ndarray | None
) -> float:
    """Σ_l s_l (‖G_l − A_l‖²_F + evenness · spread_l) / max(‖A_l‖²_F, ‖B_l‖²_F) of the part that `mask` shows, or of
    all; of a Gaussian, the distance alone is another."""
    total = 0.0
    for layer, share in settings.style_layers:
        T = everywhere(F[layer]) if mask is None else averaged(mask, *F[layer].shape[1:])
        A = sum(weight * gram(S[layer], everywhere(S[layer])) for weight, S in styles)
        B = gram(P[layer], everywhere(P[layer]))
        energy = max(np.sum(A**2), np.sum(B**2))
        term = settings.evenness * spread(F[layer], T) / energy if layer >= "relu3_1" else 0.0
        if settings.statistic == "gaussian":
            term += wasserstein(F[layer], styles[0][1][layer]) / max(np.trace(A), np.trace(B))
        else:
            term += np.sum((gram(F[layer], T) - A) ** 2) / energy
        total += share / sum(share for _, share in settings.style_layers) * term
    return total


def averaged(mask: np.ndarray, height: int, width: int) -> np.ndarray:
    """The mask's mean over each position of a layer."""
    return mask.reshape(height, mask.shape[0] // height, width, mask.shape[1] // width).mean((1, 3))


def by_formula(
    network: FeatureNetwork,
    photo: Tensor,
    styles: Sequence[tuple[float, Tensor]],
    settings: ml.Settings,
    image: Tensor,
    masks: Sequence[Tensor] = (),
) -> dict[str, float]:
    """What the formulas page minimises, at `image`, a picture in its frame."""
    F, P = (features(network, picture, settings) for picture in (image, framed(photo)))
    S = [(weight, features(network, picture, settings)) for weight, picture in styles]
    areas = [framed(mask)[0, 0].double().numpy() for mask in masks]
    regions = [(T.mean(), [(1.0, own)], T) for T, (_, own) in zip(areas, S, strict=True)] if masks else [(1.0, S, None)]
    style = sum(area * style_by_formula(F, P, wanted, settings, T) for area, wanted, T in regions)
    content = np.sum((F[settings.content_layer] - P[settings.content_layer]) ** 2) / 2
    x = image[0].double().numpy()
    d = max(1, max(photo.shape[-2:]) / 384)
    return {
        "content": settings.content_weight * content / (np.sum(P[settings.content_layer] ** 2) / 2),
        "style": settings.style_weight * 12 * d * style,
        "tv": settings.tv_weight * 3 * sum(np.sum(np.diff(x, axis=axis) ** 2) for axis in (1, 2)) / x.size,
    }


def terms(evaluation: Evaluation) -> dict[str, float]:
    return {term: getattr(evaluation, term) for term in TERMS}


def test_the_usual_settings_are_those_of_the_page() -> None:
    assert ml.Settings() == PAGE


@with_either_style
@pytest.mark.parametrize(
    "settings",
    [
        PAGE,
        replace(PAGE, evenness=0),
        replace(PAGE, content_weight=0.7, style_weight=1.3, tv_weight=5),
        replace(PAGE, content_layer="relu3_2", style_layers=(("relu1_2", 2), ("relu3_1", 0.5)), pooling="average"),
    ],
    ids=["as usual", "uneven", "other weights", "other layers"],
)
def test_the_terms_are_those_of_the_page(network: FeatureNetwork, settings: ml.Settings, style: Tensor) -> None:
    image = disturbed(PHOTO)

    found = Objective(network, PHOTO, [(1.0, style)], settings).evaluate(image)

    assert terms(found) == pytest.approx(by_formula(network, PHOTO, [(1.0, style)], settings, image), rel=1e-4)
    assert found.total == pytest.approx(sum(terms(found).values()), rel=1e-6)


def test_the_quiet_style_is_quieter_than_the_photo_at_every_layer_and_the_loud_one_louder(
    network: FeatureNetwork,
) -> None:
    quiet, photo, loud = (features(network, picture, PAGE) for picture in (QUIET, framed(PHOTO), LOUD))

    for layer, _ in PAGE.style_layers:
        energies = [np.sum(gram(F[layer], everywhere(F[layer])) ** 2) for F in (quiet, photo, loud)]
        assert energies[0] < energies[1] / 2 < energies[2] / 4


# The roots of small variances make a Gaussian's rounding the larger.
@with_either_style
def test_the_gaussian_term_is_that_of_the_page(network: FeatureNetwork, style: Tensor) -> None:
    settings, image = replace(PAGE, statistic="gaussian"), disturbed(PHOTO)

    found = Objective(network, PHOTO, [(1.0, style)], settings).evaluate(image)

    assert terms(found) == pytest.approx(by_formula(network, PHOTO, [(1.0, style)], settings, image), rel=1e-3)


def test_two_styles_are_wanted_as_the_mean_of_their_gram_matrices(network: FeatureNetwork) -> None:
    styles, image = [(0.8, QUIET), (0.2, LOUD)], disturbed(PHOTO)

    found = Objective(network, PHOTO, styles, PAGE).evaluate(image)

    assert terms(found) == pytest.approx(by_formula(network, PHOTO, styles, PAGE, image), rel=1e-4)


def test_a_region_counts_by_its_area(network: FeatureNetwork) -> None:
    left = torch.linspace(1.5, -1.5, WIDTH).clamp(0, 1).expand(1, 1, HEIGHT, WIDTH)
    below = (torch.arange(HEIGHT) > 20).float().view(1, 1, HEIGHT, 1).expand(1, 1, HEIGHT, WIDTH)
    styles, masks, image = [(0.5, QUIET), (0.5, LOUD)], [left, below], disturbed(PHOTO)

    found = Objective(network, PHOTO, styles, PAGE, masks).evaluate(image)

    assert terms(found) == pytest.approx(by_formula(network, PHOTO, styles, PAGE, image, masks), rel=1e-4)


@pytest.mark.parametrize(("height", "width"), [(20, 384), (20, 480), (480, 20)])
def test_the_style_counts_more_from_a_long_side_of_384_pixels_on(
    network: FeatureNetwork, height: int, width: int
) -> None:
    photo = blocks(height, width, side=7, contrast=0.6, seed=1)
    image = disturbed(photo)

    found = Objective(network, photo, [(1.0, LOUD)], PAGE).evaluate(image)

    assert terms(found) == pytest.approx(by_formula(network, photo, [(1.0, LOUD)], PAGE, image), rel=1e-4)


@pytest.mark.parametrize("statistic", STATISTICS)
@with_either_style
def test_the_gradient_is_the_derivative_of_the_sum(
    network: FeatureNetwork, style: Tensor, statistic: Statistic
) -> None:
    """Along the gradient of each term alone, so that none can be missing from the sum or have another weight in it."""
    settings, image = replace(PAGE, statistic=statistic), disturbed(PHOTO)
    gradient = Objective(network, PHOTO, [(1.0, style)], settings).evaluate(image).gradient

    for term in TERMS:
        alone = replace(settings, **{f"{other}_weight": float(other == term) for other in TERMS})
        own = Objective(network, PHOTO, [(1.0, style)], alone).evaluate(image).gradient
        step = 1e-4 * own / own.abs().mean()
        up, down = (
            sum(by_formula(network, PHOTO, [(1.0, style)], settings, image + sign * step).values()) for sign in (1, -1)
        )
        assert float((gradient * step).sum()) == pytest.approx((up - down) / 2, rel=0.01)


@pytest.mark.parametrize("statistic", STATISTICS)
@with_either_style
def test_in_bfloat16_the_gradient_points_where_it_does_in_float32(
    network: FeatureNetwork, style: Tensor, statistic: Statistic
) -> None:
    settings, image = replace(PAGE, statistic=statistic), disturbed(PHOTO)
    short = ml.load_network("vgg16", "cpu", "bf16")

    full, brief = (Objective(each, PHOTO, [(1.0, style)], settings).evaluate(image) for each in (network, short))

    assert torch.cosine_similarity(full.gradient.flatten(), brief.gradient.flatten(), dim=0) > 0.99
    assert float(brief.gradient.norm()) == pytest.approx(float(full.gradient.norm()), rel=0.05)
    assert terms(brief) == pytest.approx(terms(full), rel=0.02)
