"""What programs sign in with, and what they are told: API tokens and webhooks."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refused
from accounts.forms import TokenForm, WebhookForm
from accounts.http import SignedInRequest
from accounts.models import ApiToken, Webhook
from accounts.tokens import create_token, revoke_token
from accounts.webhooks import add_webhook, remove_webhook


@require_safe
@login_required
def tokens(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/tokens.html", {"tokens": request.user.api_tokens.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@never_cache
def token_new(request: SignedInRequest) -> HttpResponse:
    """A form, and then, once, the secret: a token outlasts the session, so the password is asked for first."""
    form = TokenForm(request.POST or None)
    if not form.is_valid():
        return _token_form(request, form, status=422 if form.is_bound else 200)
    try:
        token, secret = create_token(user=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _token_form(request, form, refusal.status)
    return render(request, "accounts/token_made.html", {"token": token, "secret": secret}, status=201)


@require_POST
@login_required
def token_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    revoke_token(token=get_object_or_404(ApiToken, pk=pk, user=request.user))
    messages.success(request, _("The token was revoked."))
    return redirect("accounts:tokens")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def webhooks(request: SignedInRequest) -> HttpResponse:
    """The webhooks, a form for one more, and of a new one, once, its secret."""
    form = WebhookForm(request.POST or None)
    if not form.is_valid():
        return _webhooks_page(request, form, status=422 if form.is_bound else 200)
    try:
        made = add_webhook(user=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _webhooks_page(request, form, refusal.status)
    return render(request, "accounts/webhook_made.html", {"webhook": made}, status=201)


@require_POST
@login_required
def webhook_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    remove_webhook(webhook=get_object_or_404(Webhook, pk=pk, user=request.user))
    messages.success(request, _("The webhook was removed."))
    return redirect("accounts:webhooks")


def _webhooks_page(request: SignedInRequest, form: WebhookForm, status: int) -> HttpResponse:
    context = {"form": form, "webhooks": request.user.webhooks.all()}
    return render(request, "accounts/webhooks.html", context, status=status)


def _token_form(request: SignedInRequest, form: TokenForm, status: int) -> HttpResponse:
    return render(request, "accounts/token_new.html", {"form": form}, status=status)
