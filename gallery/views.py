"""The gallery's pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest
from gallery import services
from gallery.forms import PublishForm
from gallery.models import Artwork
from transfer.errors import Refused
from transfer.models import Job

ARTWORKS_PER_PAGE = 24


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    artworks = Artwork.objects.select_related("artist")
    page = Paginator(artworks, ARTWORKS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "gallery/index.html", {"page": page})


@require_safe
def artwork(request: HttpRequest, pk: UUID) -> HttpResponse:
    artwork = get_object_or_404(Artwork.objects.select_related("artist", "job__style"), pk=pk)
    context = {"artwork": artwork, "is_owner": artwork.artist == request.user}
    return render(request, "gallery/artwork.html", context)


@require_POST
@login_required
def publish(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk, owner=request.user)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the picture a title of at most 120 characters."))
        return redirect(job)
    try:
        published = services.publish(job=job, title=form.cleaned_data["title"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(job)
    messages.success(request, _("Your picture is in the gallery."))
    return redirect(published)


@require_POST
@login_required
def unpublish(request: SignedInRequest, pk: UUID) -> HttpResponse:
    artwork = get_object_or_404(Artwork, pk=pk, artist=request.user)
    services.unpublish(artwork=artwork)
    messages.success(request, _("Your picture is no longer in the gallery."))
    return redirect(artwork.job)
