"""Collections: one's own, one on its page, and what goes into them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from gallery import services
from gallery.browsing import WORKS_PER_PAGE
from gallery.forms import CollectionForm
from gallery.http import acted
from gallery.models import Artwork, Collected, Collection
from gallery.pages import page_of
from transfer.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def collections(request: SignedInRequest) -> HttpResponse:
    """The viewer's own, and the form that begins another one."""
    form = CollectionForm(request.POST or None, initial={"is_public": True})
    if request.method != "POST":
        return _own_page(request, form)
    if not form.is_valid():
        return _own_page(request, form, status=422)
    try:
        return redirect(services.add_collection(owner=request.user, **form.cleaned_data))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _own_page(request, form, status=refusal.status)


@require_safe
def collection(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = Collection.objects.visible_to(request.user).select_related("owner")
    collection = get_object_or_404(shown, pk=pk)
    page = page_of(
        _places(request, collection),
        ("added_at", "id"),
        WORKS_PER_PAGE,
        request.GET.get("older", ""),
        request.GET.get("newer", ""),
    )
    is_owner = collection.owner == request.user
    context = {"collection": collection, "page": page, "is_owner": is_owner}
    if is_owner:
        context["form"] = CollectionForm(initial={"name": collection.name, "is_public": collection.is_public})
    return render(request, "gallery/collection.html", context)


@require_POST
@login_required
def edit_collection(request: SignedInRequest, pk: UUID) -> HttpResponse:
    collection = _own(request, pk)
    form = CollectionForm(request.POST)
    if form.is_valid():
        services.edit_collection(collection=collection, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Give the collection a name of at most 80 characters."))
    return redirect(collection)


@require_POST
@login_required
def delete_collection(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.delete_collection(collection=_own(request, pk))
    messages.success(request, _("The collection was deleted. Its works stay where they are."))
    return redirect("gallery:collections")


@require_POST
def collect(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into the collection that was chosen, or into a new one where a name was given."""
    artwork = get_object_or_404(Artwork.objects.visible_to(request.user), pk=pk)

    def put(person: User) -> None:
        if collection := _chosen(request, person):
            services.collect(collection=collection, artwork=artwork)
            messages.success(request, _("Added to “%(name)s”.") % {"name": collection.name})
        else:
            messages.error(request, _("Choose a collection, or give a new one a name of at most 80 characters."))

    return acted(request, artwork.get_absolute_url(), put)


@require_POST
@login_required
def remove_from_collection(request: SignedInRequest, pk: UUID, work: UUID) -> HttpResponse:
    collection = _own(request, pk)
    services.remove_from_collection(collection=collection, artwork=get_object_or_404(Artwork, pk=work))
    messages.success(request, _("Removed from the collection."))
    return redirect(collection)


def _places(request: HttpRequest, collection: Collection) -> Any:
    places = Collected.objects.found_by(request.user, collection.owner).filter(collection=collection)
    return places.select_related("artwork__artist", "artwork__painting").prefetch_related(
        "artwork__painting__renditions"
    )


def _chosen(request: HttpRequest, person: User) -> Collection | None:
    if request.POST.get("name", "").strip():
        form = CollectionForm(request.POST)
        return services.add_collection(owner=person, **form.cleaned_data) if form.is_valid() else None
    try:
        return Collection.objects.filter(owner=person, pk=request.POST.get("collection", "")).first()
    except ValidationError:
        return None


def _own(request: SignedInRequest, pk: UUID) -> Collection:
    return get_object_or_404(Collection, pk=pk, owner=request.user)


def _own_page(request: SignedInRequest, form: CollectionForm, status: int = 200) -> HttpResponse:
    own = Collection.objects.filter(owner=request.user)
    context = {"collections": own.with_covers(request.user, request.user), "form": form}
    return render(request, "gallery/collections.html", context, status=status)
