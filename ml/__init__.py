"""The maths of style transfer in pure PyTorch: `stylize` paints a photo as `Settings` say, with a network that
`load_network` loads, and `stylize_batch` paints several side by side; `train_gan` trains the generator whose pictures a
painting may start from; `decode_picture` makes pictures of untrusted files.

Names are imported on first use, so that a web process that only decodes pictures never loads PyTorch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ml.batch import stylize_batch as stylize_batch
    from ml.checkpoint import Checkpoint as Checkpoint
    from ml.errors import Diverged as Diverged
    from ml.errors import EngineError as EngineError
    from ml.errors import ForeignCheckpoint as ForeignCheckpoint
    from ml.errors import GeneratorError as GeneratorError
    from ml.errors import NotEnoughMemory as NotEnoughMemory
    from ml.errors import RecordError as RecordError
    from ml.errors import SettingsError as SettingsError
    from ml.errors import Stopped as Stopped
    from ml.errors import TooManyImages as TooManyImages
    from ml.errors import TrainingImagesError as TrainingImagesError
    from ml.errors import WeightsMissing as WeightsMissing
    from ml.errors import WeightsUnavailable as WeightsUnavailable
    from ml.errors import is_out_of_memory as is_out_of_memory
    from ml.gan import TrainingProgress as TrainingProgress
    from ml.gan import train_gan as train_gan
    from ml.gan_settings import GanSettings as GanSettings
    from ml.generators import TrainedGenerator as TrainedGenerator
    from ml.generators import file_digest as file_digest
    from ml.generators import load_generator as load_generator
    from ml.generators import sample as sample
    from ml.generators import sample_sheet as sample_sheet
    from ml.pictures import Fault as Fault
    from ml.pictures import Limits as Limits
    from ml.pictures import PictureError as PictureError
    from ml.pictures import decode_picture as decode_picture
    from ml.places import weights_path as weights_path
    from ml.prediction import Prediction as Prediction
    from ml.prediction import pace_of as pace_of
    from ml.prediction import predict as predict
    from ml.progress import Progress as Progress
    from ml.provenance import Record as Record
    from ml.settings import PRESETS as PRESETS
    from ml.settings import Settings as Settings
    from ml.training_images import TrainingImages as TrainingImages
    from ml.transfer import Commission as Commission
    from ml.transfer import stylize as stylize
    from ml.weights import fetch_weights as fetch_weights
    from ml.weights import load_network as load_network

_HOMES = {
    "ml.batch": ("stylize_batch",),
    "ml.checkpoint": ("Checkpoint",),
    "ml.errors": (
        "Diverged",
        "EngineError",
        "ForeignCheckpoint",
        "GeneratorError",
        "NotEnoughMemory",
        "RecordError",
        "SettingsError",
        "Stopped",
        "TooManyImages",
        "TrainingImagesError",
        "WeightsMissing",
        "WeightsUnavailable",
        "is_out_of_memory",
    ),
    "ml.gan_settings": ("GanSettings",),
    "ml.generators": ("TrainedGenerator", "file_digest", "load_generator", "sample", "sample_sheet"),
    "ml.pictures": ("Fault", "Limits", "PictureError", "decode_picture"),
    "ml.places": ("weights_path",),
    "ml.prediction": ("Prediction", "pace_of", "predict"),
    "ml.progress": ("Progress",),
    "ml.provenance": ("Record",),
    "ml.settings": ("PRESETS", "Settings"),
    "ml.gan": ("TrainingProgress", "train_gan"),
    "ml.training_images": ("TrainingImages",),
    "ml.transfer": ("Commission", "stylize"),
    "ml.weights": ("fetch_weights", "load_network"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
