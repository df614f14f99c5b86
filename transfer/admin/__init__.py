"""What staff see and do: jobs, pictures, training sets and generators."""

from transfer.admin.generators import GeneratorAdmin
from transfer.admin.training_sets import TrainingSetAdmin
from transfer.admin.work import JobAdmin, PhotoAdmin, StyleAdmin

__all__ = ["GeneratorAdmin", "JobAdmin", "PhotoAdmin", "StyleAdmin", "TrainingSetAdmin"]
