from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_new, name="token_new"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/<uuid:pk>/remove/", views.webhook_remove, name="webhook_remove"),
    path("data/", views.own_data, name="data"),
    path("data/download/", views.download_own_data, name="data_download"),
    path("notifications/", views.notifications, name="notifications"),
    path("letters/stop/<str:token>/", views.mail_stop, name="mail_stop"),
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("tour/end/", views.tour_end, name="tour_end"),
    path("delete/", views.delete_account, name="delete"),
]
