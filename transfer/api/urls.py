from django.urls import path

from accounts.rest.renderers import EventStream
from transfer.api.jobs import Jobs
from transfer.api.me import Me
from transfer.api.pictures import GIVES_PICTURES, TAKES_FILES, Generators, Styles, Uploads

LISTED = {"get": "list", "post": "create"}
ONE = {"get": "retrieve", "delete": "destroy"}

# A HEAD would be answered with a stream that nobody reads.
GIVES_EVENTS = {"renderer_classes": [EventStream], "http_method_names": ["get"]}

urlpatterns = [
    path("me/", Me.as_view({"get": "retrieve"}), name="me"),
    path("uploads/", Uploads.as_view(LISTED, **TAKES_FILES), name="uploads"),
    path("uploads/<uuid:pk>/", Uploads.as_view(ONE), name="upload"),
    path("uploads/<uuid:pk>/image/", Uploads.as_view({"get": "image"}, **GIVES_PICTURES), name="upload-image"),
    path("styles/", Styles.as_view(LISTED, **TAKES_FILES), name="styles"),
    path("styles/<uuid:pk>/", Styles.as_view(ONE), name="style"),
    path("styles/<uuid:pk>/image/", Styles.as_view({"get": "image"}, **GIVES_PICTURES), name="style-image"),
    path("generators/", Generators.as_view({"get": "list"}), name="generators"),
    path("generators/<uuid:pk>/", Generators.as_view({"get": "retrieve"}), name="generator"),
    path(
        "generators/<uuid:pk>/sample/", Generators.as_view({"get": "sample"}, **GIVES_PICTURES), name="generator-sample"
    ),
    path("jobs/", Jobs.as_view(LISTED), name="jobs"),
    path("jobs/estimate/", Jobs.as_view({"post": "estimate"}), name="job-estimate"),
    path("jobs/<uuid:pk>/", Jobs.as_view(ONE), name="job"),
    path("jobs/<uuid:pk>/cancel/", Jobs.as_view({"post": "cancel"}), name="job-cancel"),
    path("jobs/<uuid:pk>/retry/", Jobs.as_view({"post": "retry"}), name="job-retry"),
    path("jobs/<uuid:pk>/result/<str:format>/", Jobs.as_view({"get": "result"}, **GIVES_PICTURES), name="job-result"),
    path("jobs/<uuid:pk>/preview/", Jobs.as_view({"get": "preview"}, **GIVES_PICTURES), name="job-preview"),
    path("jobs/<uuid:pk>/events/", Jobs.as_view({"get": "events"}, **GIVES_EVENTS), name="job-events"),
]
