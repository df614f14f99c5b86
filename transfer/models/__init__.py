"""The rows behind the work, and the rules a row keeps by itself."""

from transfer.models.generators import Generator, GeneratorState, SampleSheet, TrainingFailure, TrainingSet
from transfer.models.jobs import Colours, Failure, Init, Job, Preset, State
from transfer.models.leased import Leased
from transfer.models.paints import Paint
from transfer.models.pictures import Favourite, Photo, Style
from transfer.models.spending import Spending
from transfer.models.uploads import Upload

__all__ = [
    "Colours",
    "Failure",
    "Favourite",
    "Generator",
    "GeneratorState",
    "Init",
    "Job",
    "Leased",
    "Paint",
    "Photo",
    "Preset",
    "SampleSheet",
    "Spending",
    "State",
    "Style",
    "TrainingFailure",
    "TrainingSet",
    "Upload",
]
