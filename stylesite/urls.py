"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from stylesite import views
from stylesite.styleguide import styleguide

# Staff sign in where everyone does: rate limits and the second factor hold for them, too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("gallery.urls")),
    path("studio/", include("transfer.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("about/", TemplateView.as_view(template_name="about.html"), name="about"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("styleguide/", styleguide, name="styleguide"),
    re_path(r"^media/(?P<name>[0-9a-f]{32}\.(?:webp|avif))$", views.public_file, name="public_file"),
    re_path(r"^media/(?P<name>avatars/[0-9a-f]{32}\.webp)$", views.avatar, name="avatar"),
    path("api/v1/", include(("stylesite.api", "api"))),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/queues/", include("django_rq.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
]

handler400 = "stylesite.api.bad_request"
handler404 = "stylesite.api.page_not_found"
handler500 = "stylesite.api.server_error"
