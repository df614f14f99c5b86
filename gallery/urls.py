from django.urls import path, re_path

from gallery import feeds, sitemaps, views

app_name = "gallery"

# As Django's user names are spelt.
ARTIST = r"artists/(?P<username>[\w.@+-]{1,150})"

urlpatterns = [
    path("", views.index, name="index"),
    path("following/", views.following, name="following"),
    path("works/<uuid:pk>/", views.artwork, name="artwork"),
    path("works/<uuid:pk>/time-lapse.webp", views.time_lapse, name="time_lapse"),
    path("works/<uuid:pk>/edit/", views.edit, name="edit"),
    path("works/<uuid:pk>/unpublish/", views.unpublish, name="unpublish"),
    path("works/<uuid:pk>/like/", views.like, name="like"),
    path("works/<uuid:pk>/unlike/", views.unlike, name="unlike"),
    path("works/<uuid:pk>/report/", views.report, name="report"),
    path("profile/", views.profile, name="profile"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/appeal/", views.appeal, name="appeal"),
    path("works/<uuid:pk>/collect/", views.collect, name="collect"),
    path("publish/<uuid:pk>/", views.publish, name="publish"),
    re_path(rf"^{ARTIST}/$", views.artist, name="artist"),
    re_path(rf"^{ARTIST}/follow/$", views.follow, name="follow"),
    re_path(rf"^{ARTIST}/unfollow/$", views.unfollow, name="unfollow"),
    re_path(rf"^{ARTIST}/feed/$", feeds.ArtistFeed(), name="artist_feed"),
    path("collections/", views.collections, name="collections"),
    path("collections/<uuid:pk>/", views.collection, name="collection"),
    path("collections/<uuid:pk>/edit/", views.edit_collection, name="edit_collection"),
    path("collections/<uuid:pk>/delete/", views.delete_collection, name="delete_collection"),
    path("collections/<uuid:pk>/remove/<uuid:work>/", views.remove_from_collection, name="remove_from_collection"),
    path("feeds/works/", feeds.WorksFeed(), name="feed"),
    path("feeds/tags/<str:tag>/", feeds.TagFeed(), name="tag_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
