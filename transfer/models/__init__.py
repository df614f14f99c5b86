"""The rows behind the work, and the rules a row keeps by itself."""

from transfer.models.generators import Generator, GeneratorState, SampleSheet, TrainingFailure, TrainingSet
from transfer.models.jobs import Colours, Failure, Init, Job, Preset, State
from transfer.models.leased import Leased
from transfer.models.pictures import Photo, Style
from transfer.models.spending import Spending

__all__ = [
    "Colours",
    "Failure",
    "Generator",
    "GeneratorState",
    "Init",
    "Job",
    "Leased",
    "Photo",
    "Preset",
    "SampleSheet",
    "Spending",
    "State",
    "Style",
    "TrainingFailure",
    "TrainingSet",
]
