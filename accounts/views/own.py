"""One's own sessions, and one's own data: taken along, or deleted with the account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.exports import KEPT, request_export
from accounts.forms import DeleteAccountForm
from accounts.http import SignedInRequest
from accounts.models import DataExport
from stylesite.stored_files import left_to_proxy


@require_POST
@login_required
def session_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign out another device than the one that asks."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        return redirect("account_logout")
    session.end()
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_data(request: SignedInRequest) -> HttpResponse:
    """Ask for the archive of everything one has, and see whether it is there."""
    if request.method == "POST":
        request_export(user=request.user)
        return redirect("accounts:data")
    export = DataExport.objects.filter(user=request.user).first()
    return render(request, "accounts/data.html", {"export": export, "kept_days": KEPT.days})


@require_safe
@login_required
def download_own_data(request: SignedInRequest) -> HttpResponse | FileResponse:
    export = get_object_or_404(DataExport.objects.exclude(file=""), user=request.user)
    name = f"stylesite-{request.user.username}-{export.requested_at:%Y%m%d}.zip"
    response = left_to_proxy(export.file, "application/zip") or FileResponse(
        export.file.open("rb"), content_type="application/zip"
    )
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def delete_account(request: SignedInRequest) -> HttpResponse:
    form = DeleteAccountForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return render(request, "accounts/delete.html", {"form": form}, status=422 if form.is_bound else 200)
    services.delete_account(user=form.user)
    logout(request)
    messages.success(request, _("Your account is gone, with everything that was yours."))
    return redirect(settings.LOGOUT_REDIRECT_URL)
