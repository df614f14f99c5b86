from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GalleryConfig(AppConfig):
    name = "gallery"
    verbose_name = _("gallery")

    def ready(self) -> None:
        from accounts.exports import collecting
        from gallery.exports import own_works
        from gallery.models import Artwork
        from transfer.files import delete_files_with_rows_of

        delete_files_with_rows_of(Artwork)
        collecting.connect(own_works, dispatch_uid="own works")
