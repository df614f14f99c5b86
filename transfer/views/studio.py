"""The studio page: one form from photo and styles to a queued job, which is then painted on the same page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from transfer import addresses, services, shelf
from transfer.errors import Refused
from transfer.forms import PRESET_HINTS, StudioForm, upload_limit_megabytes
from transfer.http import with_retry_after
from transfer.masks import mask_of
from transfer.models import Job, Photo, Preset
from transfer.models.paints import MOST_STYLES
from transfer.sample_photos import SamplePhoto
from transfer.services import Ingredient
from transfer.views.jobs import job_context, jobs_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def studio(request: SignedInRequest) -> HttpResponse:
    """The form, filled in as the address says (`transfer.addresses`), as an earlier job was (`?again=`), or as the job
    is that stands on the easel (`?job=`)."""
    if request.method != "POST":
        return _first_page(request)
    if job := _already_submitted(request):
        return _to_easel(job)
    form = StudioForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _to_easel(_submit(request, form))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return with_retry_after(_page(request, form, status=refusal.status), refusal)


def _first_page(request: SignedInRequest) -> HttpResponse:
    on_easel = _own_job(request, "job")
    if earlier := on_easel or _own_job(request, "again"):
        form = StudioForm(user=request.user, initial=addresses.choices_of(earlier))
        return _page(request, form, addresses.weights_of(earlier), job=on_easel, earlier=earlier)
    form = StudioForm(user=request.user, initial=addresses.choices_in(request.GET, request.user))
    return _page(request, form, addresses.weights_in(request.GET))


def _to_easel(job: Job) -> HttpResponse:
    return redirect(f"{reverse('transfer:studio')}?job={job.pk}")


def _already_submitted(request: SignedInRequest) -> Job | None:
    """The job of a form sent twice, found before its files are decoded and stored again."""
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    return services.submitted_job(owner=request.user, submission=submission)


def _submit(request: SignedInRequest, form: StudioForm) -> Job:
    chosen = form.cleaned_data
    order = services.Order(**{field: chosen[field] for field in services.Order.__dataclass_fields__})
    services.check_room(owner=request.user)
    photo = _photo(request, chosen)
    mix = _with_earlier_regions(chosen["mix"], chosen["regions_of"], photo)
    if chosen["style_file"]:
        style = services.add_style(owner=request.user, name=_("My style"), image=chosen["style_file"])
        mix = [*mix, Ingredient(style, form.weight_of("new"))]
    return services.submit_job(
        owner=request.user,
        photo=photo,
        style=mix[0].style,
        order=order,
        submission=chosen["submission"],
        mix=mix,
    )


def _photo(request: SignedInRequest, chosen: dict[str, Any]) -> Photo:
    if chosen["photo_file"]:
        return services.add_photo(owner=request.user, image=chosen["photo_file"])
    if isinstance(chosen["photo"], SamplePhoto):
        return services.photo_of_sample(owner=request.user, sample=chosen["photo"])
    return chosen["photo"]  # type: ignore[no-any-return]


def _with_earlier_regions(mix: list[Ingredient], earlier: Job | None, photo: Photo) -> list[Ingredient]:
    """Each style where it was painted earlier, unless photo or styles are others now, or regions were painted anew."""
    if earlier is None or earlier.photo_id != photo.pk or any(ingredient.mask for ingredient in mix):
        return mix
    paints = {paint.style_id: paint for paint in earlier.paints.all()}
    if set(paints) != {ingredient.style.pk for ingredient in mix}:
        return mix
    return [Ingredient(ingredient.style, ingredient.weight, mask_of(paints[ingredient.style.pk])) for ingredient in mix]


def _own_job(request: SignedInRequest, name: str) -> Job | None:
    try:
        return jobs_of(request.user).filter(pk=request.GET.get(name, "")).first()
    except ValidationError:
        return None


def _page(
    request: SignedInRequest,
    form: StudioForm,
    weights: dict[str, str] | None = None,
    *,
    job: Job | None = None,
    earlier: Job | None = None,
    status: int = 200,
) -> HttpResponse:
    weights = addresses.weights_in(form.data) if weights is None else weights
    photo = form["photo"].value()
    photos = shelf.photos_of(request.user, _own_photo(photo))
    chosen = [str(pk) for pk in form["style"].value() or []]
    context = {
        "form": form,
        "photos": photos,
        "samples": shelf.samples_beside(photos),
        "shelf": shelf.styles_for(
            request.user, chosen, addresses.weights_in(form.data) if weights is None else weights
        ),
        "most_styles": MOST_STYLES,
        "is_mix": len(chosen) > 1,
        "earlier": earlier,
        "presets": [{"value": preset.value, "label": preset.label, "hint": PRESET_HINTS[preset]} for preset in Preset],
        "upload_limit_megabytes": upload_limit_megabytes(),
        **(job_context(job) if job else {}),
    }
    return render(request, "transfer/studio.html", context, status=status)


def _own_photo(value: Any) -> uuid.UUID | None:
    """The id in a field that may hold a sample's name, or nonsense."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
