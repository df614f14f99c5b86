"""What one shows of oneself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from accounts.models import User
from gallery import services
from gallery.forms import ProfileForm
from gallery.models import Profile
from gallery.pace import check_pace
from transfer.errors import Refused
from transfer.forms import upload_limit_megabytes


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    own = Profile.objects.filter(person=request.user).first()
    if request.method != "POST":
        return _page(request, ProfileForm.of(request.user, own), own)
    form = ProfileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, own, status=422)
    try:
        check_pace(request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, own, status=refusal.status)
    _save(request.user, form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("gallery:profile")


def _save(person: User, said: dict[str, Any]) -> None:
    services.edit_profile(person=person, name=said["name"], about=said["about"])
    if said["avatar"]:
        services.set_avatar(person=person, picture=said["avatar"])
    elif said["remove_avatar"]:
        services.remove_avatar(person=person)


def _page(request: SignedInRequest, form: ProfileForm, own: Profile | None, status: int = 200) -> HttpResponse:
    context = {"form": form, "profile": own, "upload_limit_megabytes": upload_limit_megabytes()}
    return render(request, "gallery/profile.html", context, status=status)
