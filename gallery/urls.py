from django.urls import path

from gallery import views

app_name = "gallery"

urlpatterns = [
    path("", views.index, name="index"),
    path("works/<uuid:pk>/", views.artwork, name="artwork"),
    path("works/<uuid:pk>/unpublish/", views.unpublish, name="unpublish"),
    path("publish/<uuid:pk>/", views.publish, name="publish"),
]
