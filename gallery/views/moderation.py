"""Reporting a work, and what moderators tell an artist."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from gallery import services
from gallery.forms import AppealForm, ReportForm
from gallery.models import Act, Artwork
from transfer.errors import Refused

NOTICES = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: SignedInRequest, pk: UUID) -> HttpResponse:
    artwork = get_object_or_404(Artwork.objects.visible_to(request.user).select_related("artist"), pk=pk)
    form = ReportForm(request.POST or None)
    if not form.is_valid():
        context = {"artwork": artwork, "form": form}
        return render(request, "gallery/report.html", context, status=422 if form.is_bound else 200)
    try:
        services.report(artwork=artwork, reporter=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(artwork)
    messages.success(request, _("Thank you. A moderator will look at it."))
    return redirect("gallery:index")


@require_safe
@login_required
def notices(request: SignedInRequest) -> HttpResponse:
    """What moderators did about one's works."""
    acts = Act.objects.filter(artist=request.user).select_related("appeal", "artwork")[:NOTICES]
    return render(request, "gallery/notices.html", {"acts": acts, "form": AppealForm()})


@require_POST
@login_required
def appeal(request: SignedInRequest, pk: int) -> HttpResponse:
    act = get_object_or_404(Act, pk=pk, artist=request.user)
    form = AppealForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why in at most 2000 characters."))
        return redirect("gallery:notices")
    try:
        services.appeal(act=act, text=form.cleaned_data["text"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A moderator will look at it once more, and you will be told."))
    return redirect("gallery:notices")
