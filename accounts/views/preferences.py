"""How one is told of things, and what one need not be shown again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import letters, services
from accounts.forms import NotificationsForm
from accounts.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notifications(request: SignedInRequest) -> HttpResponse:
    user = request.user
    initial = {"mail_when_done": user.mail_when_done}
    form = NotificationsForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "accounts/notifications.html", {"form": form}, status=422 if form.is_bound else 200)
    services.choose_letters(user=user, **form.cleaned_data)
    messages.success(request, _("Your choice was saved."))
    return redirect("accounts:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@never_cache
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """From a letter, with one click, or from a mail program, which posts (RFC 8058); the token says whose letters."""
    person = letters.stop(token)
    return render(request, "accounts/mail_stopped.html", {"person": person}, status=200 if person else 404)


@require_POST
@login_required
def tour_end(request: SignedInRequest) -> HttpResponse:
    services.end_tour(user=request.user)
    return HttpResponse() if request.htmx else redirect(settings.LOGIN_REDIRECT_URL)  # type: ignore[attr-defined]
