from django.urls import path

from accounts import views

urlpatterns = [
    path("data/", views.own_data, name="account_data"),
    path("data/download/", views.download_own_data, name="account_data_download"),
    path("delete/", views.delete_account, name="account_delete"),
]
