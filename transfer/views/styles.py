"""The style library's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from transfer import services
from transfer.errors import Refused
from transfer.forms import StyleForm, upload_limit_megabytes
from transfer.http import with_retry_after
from transfer.models import Style


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def styles(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, StyleForm())
    form = StyleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        services.add_style(owner=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return with_retry_after(_page(request, form, status=refusal.status), refusal)
    messages.success(request, _("The style is in your library."))
    return redirect("transfer:styles")


@require_POST
@login_required
def style_delete(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.remove_style(style=get_object_or_404(Style, pk=pk, owner=request.user))
    messages.success(request, _("The style was removed from your library."))
    return redirect("transfer:styles")


@require_POST
@login_required
def style_favourite(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Make a style a favourite, or one no longer, as `favour` says."""
    style = get_object_or_404(Style.objects.offered_to(request.user), pk=pk)
    is_favourite = request.POST.get("favour") != "no"
    change = services.favour_style if is_favourite else services.disfavour_style
    change(user=request.user, style=style)
    if not request.headers.get("HX-Request"):
        return redirect("transfer:studio")
    return render(request, "transfer/_favourite.html", {"style": style, "is_favourite": is_favourite})


def _page(request: SignedInRequest, form: StyleForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "starter_styles": Style.objects.starters(),
        "own_styles": Style.objects.of(request.user),
        "upload_limit_megabytes": upload_limit_megabytes(),
    }
    return render(request, "transfer/styles.html", context, status=status)
