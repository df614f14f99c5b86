from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_delete, post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _


class GalleryConfig(AppConfig):
    name = "gallery"
    verbose_name = _("Gallery")

    def ready(self) -> None:
        from accounts.exports import collecting
        from accounts.services import renamed
        from gallery.exports import own_works
        from gallery.models import Profile, Rendition
        from gallery.roles import ensure_roles
        from transfer.files import delete_files_with_rows_of
        from transfer.publications import publishing

        for model in (Rendition, Profile):
            delete_files_with_rows_of(model)
        # Sent for an app that comes after this one, when the permissions are there.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("auth"), dispatch_uid="roles")
        collecting.connect(own_works, dispatch_uid="own works")
        renamed.connect(_person_renamed, dispatch_uid="words of works")
        publishing.connect(_hangs, dispatch_uid="published jobs")
        post_delete.connect(_work_deleted, sender="gallery.Artwork", dispatch_uid="prints of works")
        pre_delete.connect(_person_leaves, sender=settings.AUTH_USER_MODEL, dispatch_uid="likes of people")


def _hangs(**signal: Any) -> Q:
    """On jobs: whether they have a work, whoever sees it."""
    from gallery.models import Artwork

    return Q(Exists(Artwork.objects.filter(job=OuterRef("pk"))))


def _person_renamed(person: Any, **signal: Any) -> None:
    from gallery.services.finding import find_by_new_name

    find_by_new_name(person)


# Whichever way a row goes (a service, the admin, its owner's account), what it stood for goes with it.
def _work_deleted(instance: Any, **signal: Any) -> None:
    from gallery.services.works import forget_prints_of

    forget_prints_of(instance)


def _person_leaves(instance: Any, **signal: Any) -> None:
    from gallery.services import forget_likes_of

    forget_likes_of(instance)
