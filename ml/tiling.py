"""A picture in parts: what an evaluation remembers for its way back grows with the pixels that it sees at once.

The parts are exact, not stitched. All that the objective wants of a picture is wanted of sums over its positions: Gram
matrices, and the content term. A tile's core adds its positions to them, and around it the tile sees as much of the
picture as the deepest layer looks at, so that each position is as it would be in the whole. Once the sums are known, so
is the derivative of the objective to them; held fixed, it tells each tile its part of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from torch import Tensor

from ml.layers import ARCHITECTURES, depth

# The pools of a VGG halve a picture four times; tiles begin where a position of every layer begins.
GRID = 16


@dataclass(frozen=True)
class Place:
    """Where a tile's core lies in a layer: in the features seen by the tile, and in those of the whole picture."""

    rows: slice
    columns: slice
    whole_rows: slice
    whole_columns: slice
    height: int
    width: int

    @property
    def is_whole(self) -> bool:
        return (self.whole_rows, self.whole_columns) == (slice(0, self.height), slice(0, self.width))

    def of(self, features: Tensor) -> Tensor:
        """The core of a tile's features, `(N, C, h, w)`."""
        return features[..., self.rows, self.columns]

    def of_whole(self, features: Tensor) -> Tensor:
        """The core's place in a layer of the whole picture, `(N, C, height, width)`."""
        return features[..., self.whole_rows, self.whole_columns]


@dataclass(frozen=True)
class Tile:
    """A part of a picture of `height`×`width`: its core, and what is seen around it, in pixels from the top left."""

    rows: slice
    columns: slice
    seen_rows: slice
    seen_columns: slice
    height: int
    width: int

    def seen(self, image: Tensor) -> Tensor:
        """The core and what is around it, of `(N, 3, H, W)`."""
        return image[..., self.seen_rows, self.seen_columns]

    @property
    def pixels_seen(self) -> int:
        rows, columns = self.seen_rows, self.seen_columns
        return int((rows.stop - rows.start) * (columns.stop - columns.start))

    @property
    def whole(self) -> Tile:
        """The picture as one tile."""
        return _whole(self.height, self.width)

    def at(self, layer: str) -> Place:
        """Where the core lies in `layer`."""
        stride = 2 ** (depth(layer)[0] - 1)
        return Place(
            _within(self.rows, self.seen_rows.start, stride),
            _within(self.columns, self.seen_columns.start, stride),
            _within(self.rows, 0, stride),
            _within(self.columns, 0, stride),
            ceil(self.height / stride),
            ceil(self.width / stride),
        )


def tiles(height: int, width: int, most_pixels: int | None = None, halo: int = 0) -> list[Tile]:
    """Tiles for a picture of `height`×`width` that see, `halo` pixels around their cores included, at most
    `most_pixels` each, or one tile where that is None or enough. Tiles of under 2·`halo` a side, which would see more
    around than inside, are not made: `most_pixels` gives way."""
    if most_pixels is None or height * width <= most_pixels:
        return [_whole(height, width)]
    side = max(_down(round(sqrt(most_pixels)) - 2 * halo), _up(2 * halo), GRID)
    return [
        Tile(rows, columns, _widened(rows, halo, height), _widened(columns, halo, width), height, width)
        for rows in _cut(height, side)
        for columns in _cut(width, side)
    ]


def in_turn(tiles: Sequence[Tile], pause: Callable[[], None]) -> Iterator[Tile]:
    """One tile after the other, with a `pause` between each two, which may raise."""
    for number, tile in enumerate(tiles):
        if number:
            pause()
        yield tile


def halo_of(network: str, layers: Collection[str]) -> int:
    """How many pixels around a position the deepest of `layers` looks at: a 3×3 convolution looks one position of its
    layer further. Rounded up to the grid."""
    seen = [depth(layer) for layer in ARCHITECTURES[network]]
    return _up(sum(2 ** (block - 1) for block, i in seen if (block, i) <= max(map(depth, layers))))


def _whole(height: int, width: int) -> Tile:
    rows, columns = slice(0, height), slice(0, width)
    return Tile(rows, columns, rows, columns, height, width)


def _cut(length: int, side: int) -> list[slice]:
    """`length` pixels in parts of about the same size, each a multiple of the grid but the last, and none over
    `side`."""
    part = _up(ceil(length / ceil(length / side)))
    return [slice(start, min(start + part, length)) for start in range(0, length, part)]


def _widened(part: slice, halo: int, length: int) -> slice:
    return slice(max(0, part.start - halo), min(length, part.stop + halo))


def _within(part: slice, start: int, stride: int) -> slice:
    return slice((part.start - start) // stride, ceil((part.stop - start) / stride))


def _down(length: int) -> int:
    return length // GRID * GRID


def _up(length: int) -> int:
    return ceil(length / GRID) * GRID
