from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "transfer"
    verbose_name = _("Style transfer")

    def ready(self) -> None:
        from accounts.exports import collecting
        from accounts.models import DataExport
        from transfer.exports import own_pictures
        from transfer.files import delete_files_with_rows_of, delete_parts_with_uploads, delete_runs_with_generators
        from transfer.models import Generator, Job, Paint, Photo, SampleSheet, Style, TrainingSet

        for model in (Photo, Style, Job, Paint, TrainingSet, Generator, SampleSheet, DataExport):
            delete_files_with_rows_of(model)
        delete_runs_with_generators()
        delete_parts_with_uploads()
        collecting.connect(own_pictures, dispatch_uid="own pictures")
