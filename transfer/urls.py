from django.urls import path

from transfer import views

app_name = "transfer"

urlpatterns = [
    path("", views.studio, name="studio"),
    path("batch/", views.batch, name="batch"),
    path("estimate/", views.estimate, name="estimate"),
    path("limits/", views.quota, name="quota"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/ended/", views.ended, name="ended"),
    path("jobs/progress/", views.jobs_progress, name="jobs_progress"),
    path("jobs/selected/delete/", views.delete_selected, name="delete_selected"),
    path("jobs/selected/download/", views.download_selected, name="download_selected"),
    path("jobs/selected/retry/", views.retry_selected, name="retry_selected"),
    path("jobs/selected/stop/", views.stop_selected, name="stop_selected"),
    path("jobs/<uuid:pk>/", views.job, name="job"),
    path("jobs/<uuid:pk>/panel/", views.job_panel, name="job_panel"),
    path("jobs/<uuid:pk>/events/", views.job_events, name="job_events"),
    path("jobs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:pk>/retry/", views.retry, name="retry"),
    path("jobs/<uuid:pk>/delete/", views.delete, name="delete"),
    path("jobs/<uuid:pk>/vary/", views.vary, name="vary"),
    path("jobs/<uuid:pk>/siblings/", views.job_siblings, name="job_siblings"),
    path("jobs/<uuid:pk>/full.jpg", views.full_picture, name="full_picture"),
    path("jobs/<uuid:pk>/download/<str:format>/", views.download, name="download"),
    path("jobs/<uuid:pk>/<str:kind>.webp", views.job_file, name="job_file"),
    path("masks/<int:pk>.png", views.mask_file, name="mask_file"),
    path("samples/<slug:slug>.jpg", views.sample_photo_file, name="sample_photo_file"),
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<uuid:pk>/", views.upload, name="upload"),
    path("photos/<uuid:pk>/<str:kind>/", views.photo_file, name="photo_file"),
    path("styles/", views.styles, name="styles"),
    path("styles/<uuid:pk>/favourite/", views.style_favourite, name="style_favourite"),
    path("styles/<uuid:pk>/delete/", views.style_delete, name="style_delete"),
    path("styles/<uuid:pk>/<str:kind>/", views.style_file, name="style_file"),
    path("generators/<uuid:pk>/sample.webp", views.generator_sample, name="generator_sample"),
]
