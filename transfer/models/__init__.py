"""The rows behind the work, and the rules a row keeps by itself."""

from transfer.models.jobs import Colours, Failure, Init, Job, Preset, State
from transfer.models.pictures import Photo, Style

__all__ = ["Colours", "Failure", "Init", "Job", "Photo", "Preset", "State", "Style"]
