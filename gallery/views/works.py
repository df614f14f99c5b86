"""One work: its page, publishing and changing it, and liking it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from gallery import services
from gallery.forms import PRIVATE, EditForm, PublishForm
from gallery.http import acted
from gallery.models import Artwork, Collection
from gallery.remixing import remix_queries
from stylesite.stored_files import file_response
from transfer.errors import Refused
from transfer.models import Job

MORE_WORKS = 4


@require_safe
def artwork(request: HttpRequest, pk: UUID) -> HttpResponse:
    artwork = get_object_or_404(_works(request), pk=pk)
    more = Artwork.objects.on_show_to(request.user).filter(artist=artwork.artist).exclude(pk=pk).with_prints()
    context = {
        **_liking(request, artwork),
        "is_owner": artwork.artist == request.user,
        "more": more.order_by("-published_at", "-id")[:MORE_WORKS],
        "own_collections": _own_collections(request),
        **remix_queries(artwork, request.user),
    }
    response = render(request, "gallery/artwork.html", context)
    if not artwork.is_public:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def time_lapse(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not (film := _seen(request, pk).time_lapse):
        raise Http404
    return file_response(film)


@require_POST
@login_required
def publish(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk, owner=request.user)
    form = PublishForm(request.POST)
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"{form[field].label}: {errors[0]}")
        return redirect(job)
    try:
        published = services.publish(job=job, caption=form.caption)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job)
    if published.is_shown:
        messages.success(request, _("Your picture is in the gallery."))
    else:
        messages.info(request, _("Your picture will be in the gallery once somebody has looked at it."))
    return redirect(published)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    artwork = _own(request, pk)
    if request.method != "POST":
        return render(request, "gallery/edit.html", {"artwork": artwork, "form": EditForm.of(artwork)})
    form = EditForm(request.POST)
    if not form.is_valid():
        return render(request, "gallery/edit.html", {"artwork": artwork, "form": form}, status=422)
    if form.cleaned_data["visibility"] == PRIVATE:
        return _taken_back(request, artwork)
    try:
        services.edit(artwork=artwork, caption=form.caption)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(artwork.job)
    messages.success(request, _("Saved."))
    return redirect(artwork)


@require_POST
@login_required
def unpublish(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _taken_back(request, _own(request, pk))


@require_POST
def like(request: HttpRequest, pk: UUID) -> HttpResponse:
    artwork = _seen(request, pk)
    return _liked(request, artwork, lambda person: services.like(artwork=artwork, person=person))


@require_POST
def unlike(request: HttpRequest, pk: UUID) -> HttpResponse:
    artwork = _seen(request, pk)
    return _liked(request, artwork, lambda person: services.unlike(artwork=artwork, person=person))


def _taken_back(request: SignedInRequest, artwork: Artwork) -> HttpResponse:
    services.unpublish(artwork=artwork)
    messages.success(request, _("Your picture is no longer in the gallery."))
    return redirect(artwork.job)


def _liked(request: HttpRequest, artwork: Artwork, act: Any) -> HttpResponse:
    def show() -> HttpResponse:
        artwork.refresh_from_db(fields=["like_count"])
        return render(request, "gallery/_like.html", _liking(request, artwork))

    return acted(request, artwork.get_absolute_url(), act, show)


def _liking(request: HttpRequest, artwork: Artwork) -> dict[str, Any]:
    viewer = request.user
    liked = viewer.is_authenticated and artwork.likes.filter(person=viewer).exists()
    return {"artwork": artwork, "liked": liked}


def _works(request: HttpRequest) -> Any:
    """The works that the viewer may open, with all that their page shows."""
    rows = ("artist__profile", "painting", "photo", "style", "job__generator")
    files = ("painting__renditions", "photo__renditions", "tags")
    return Artwork.objects.visible_to(request.user).select_related(*rows).prefetch_related(*files)


def _seen(request: HttpRequest, pk: UUID) -> Artwork:
    return get_object_or_404(Artwork.objects.visible_to(request.user), pk=pk)


def _own(request: SignedInRequest, pk: UUID) -> Artwork:
    own = (
        Artwork.objects.visible_to(request.user).filter(artist=request.user).select_related("job", "painting", "photo")
    )
    return get_object_or_404(own, pk=pk)


def _own_collections(request: HttpRequest) -> Any:
    return Collection.objects.filter(owner=request.user) if request.user.is_authenticated else Collection.objects.none()
