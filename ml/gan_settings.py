"""Everything that decides what a generator becomes, in one place. Importing it imports no PyTorch."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Literal, get_args

from ml.errors import SettingsError
from ml.ranges import check_range

Kind = Literal["field", "single"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SIZES = (32, 64, 128, 256)
# The paper's generator begins with a map of 4×4 positions, whatever the size of its pictures.
FIRST_MAP = 4


@dataclass(frozen=True, kw_only=True)
class GanSettings:
    """How a generator is built and trained. Raises SettingsError, naming the wrong value, when it is made."""

    kind: Kind = "field"
    """`field`: trained on fields of latents, makes seamless pictures of any size. `single`: the paper's, which makes
    one picture of one size of a latent, and has never seen two latents side by side."""
    size: int = 64
    """Side in pixels of what the discriminator sees at once."""
    width: int = 64
    """Channels of the last layer but one; deeper ones have up to eight times as many. The paper's is 64."""
    steps: int = 4000
    """Steps of either network, in turns."""
    batch: int = 32
    """Pictures a step. Where time is short, many small steps come further than few large ones."""
    seed: int = 0
    """Seed of the first weights, the latents, the crops and the augmentation."""
    learning_rate: float = 2e-4
    """Adam's, for the generator."""
    discriminator_rate: float = 2e-4
    """Adam's, for the discriminator; larger than the generator's, they have two time scales."""
    average: float = 0.999
    """Decay a step of the moving average of the generator, which is what is kept; 0 keeps the last one itself."""
    augment: bool = True
    """Show the discriminator real and generated pictures shifted, recoloured and cut out, all differentiably."""
    spectral_norm: bool = False
    """Keep the discriminator's layers from stretching anything by more than 1."""
    shortest: int = 0
    """Short side in pixels to which pictures are reduced before crops are taken; 0: of a crop for single pictures,
    and four times `size` for fields, which learn from a picture's parts."""
    evaluate_every: int = 250
    """Steps from one sample sheet and Fréchet distance to the next."""
    judged: int = 1000
    """Held-back pictures, or crops of them, that the Fréchet distance compares with as many generated ones."""

    def __post_init__(self) -> None:
        self._check_choice("kind", KINDS)
        self._check_choice("size", SIZES)
        check_range(self, "width", 8, 128)
        check_range(self, "steps", 1, 1_000_000)
        check_range(self, "batch", 2, 2048)
        check_range(self, "seed", 0, 2**63 - 1)
        check_range(self, "learning_rate", 1e-7, 1)
        check_range(self, "discriminator_rate", 1e-7, 1)
        check_range(self, "average", 0, 0.99999)
        check_range(self, "shortest", 0, 4096)
        check_range(self, "evaluate_every", 1, 1_000_000)
        check_range(self, "judged", 2, 100_000)

    @property
    def levels(self) -> int:
        """How often the generator doubles its first map."""
        return round(log2(self.size // FIRST_MAP))

    @property
    def cell(self) -> int:
        """Side in pixels of what one more latent in a field adds to its picture."""
        return self.size // FIRST_MAP

    @property
    def crop(self) -> int:
        """Side of the pictures in training: of a field one cell more than the discriminator sees at once, so that it
        looks at several places of each."""
        return self.size + self.cell if self.kind == "field" else self.size

    @property
    def short_side(self) -> int:
        """What `shortest` comes to."""
        return self.shortest or (4 * self.size if self.kind == "field" else self.crop)

    @property
    def channels(self) -> tuple[int, ...]:
        """Channels of the generator's maps, from 4×4 up, and of the discriminator's backwards."""
        return tuple(self.width * min(2**level, 8) for level in reversed(range(self.levels)))

    def _check_choice(self, name: str, choices: tuple[object, ...]) -> None:
        value = getattr(self, name)
        if value not in choices or type(value) is not type(choices[0]):
            wanted = " or ".join(map(str, choices))
            raise SettingsError(f"{name} is {getattr(self, name)!r}; it must be {wanted}")
