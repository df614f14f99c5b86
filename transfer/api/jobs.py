"""Jobs: submit one, watch it, fetch what it has painted."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.rest import problems
from accounts.rest.views import ApiViewSet
from transfer import estimates, services
from transfer.api.orders import (
    KEY_HEADER,
    LONGEST_KEY,
    EstimateOrderSerializer,
    JobOrderSerializer,
    ingredient,
    submission_of,
)
from transfer.forecasts import Forecast, forecast_of_waiting
from transfer.models import Failure, Job, Paint, State
from transfer.views.files import DOWNLOADS, JOB_KINDS, file_of
from transfer.views.jobs import event_stream

RESULTS = DOWNLOADS | {"webp": "display"}
FORMATS = tuple(RESULTS)


class ProgressSerializer(serializers.Serializer):
    percent = serializers.IntegerField(min_value=0, max_value=100)
    step = serializers.IntegerField()
    total_steps = serializers.IntegerField()
    scale = serializers.IntegerField(help_text="Paintings grow from small to large; this is the size at work.")
    scales = serializers.IntegerField()
    loss = serializers.FloatField(allow_null=True)
    seconds_left = serializers.IntegerField(allow_null=True)


class ForecastSerializer(serializers.Serializer):
    place = serializers.IntegerField(help_text="1 is the next.")
    starts_in = serializers.FloatField(help_text="Seconds from now.")
    ends_in = serializers.FloatField(help_text="Seconds from now.")


class FailureSerializer(serializers.Serializer):
    code = serializers.ChoiceField(Failure.choices)
    detail = serializers.CharField(help_text="What to do about it.")


class ResultSerializer(serializers.Serializer):
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    png_url = serializers.URLField()
    jpeg_url = serializers.URLField()
    webp_url = serializers.URLField(help_text="At most 1600 pixels wide or high.")


class PaintSerializer(serializers.ModelSerializer):
    """One style of a mix."""

    style = serializers.UUIDField(source="style_id", read_only=True)
    is_everywhere = serializers.SerializerMethodField(help_text="Whether it has no mask.")

    class Meta:
        model = Paint
        fields = ("style", "weight", "is_everywhere")
        read_only_fields = fields

    def get_is_everywhere(self, paint: Paint) -> bool:
        return not paint.mask


class JobSerializer(serializers.ModelSerializer):
    photo = serializers.UUIDField(source="photo_id", read_only=True)
    style = serializers.UUIDField(source="style_id", read_only=True)
    generator = serializers.UUIDField(source="generator_id", read_only=True, allow_null=True)
    mix = PaintSerializer(
        source="paints", many=True, read_only=True, help_text="Empty where there is one style, painted everywhere."
    )
    progress = ProgressSerializer(source="*", read_only=True)
    forecast = serializers.SerializerMethodField(help_text="Of a waiting job.")
    failure = serializers.SerializerMethodField(help_text="Of a failed job.")
    result = serializers.SerializerMethodField(help_text="Of a succeeded job.")

    class Meta:
        model = Job
        fields = (
            "id",
            "state",
            "photo",
            "style",
            "mix",
            "preset",
            "size",
            "style_strength",
            "brush_size",
            "colours",
            "init",
            "generator",
            "gan_strength",
            "seed",
            "pixel_steps",
            "created_at",
            "started_at",
            "finished_at",
            "progress",
            "forecast",
            "failure",
            "result",
        )
        read_only_fields = fields

    @extend_schema_field(ForecastSerializer(allow_null=True))
    def get_forecast(self, job: Job) -> dict[str, Any] | None:
        return _forecast(forecast_of_waiting(job.pk) if job.state == State.QUEUED else None)

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, job: Job) -> dict[str, str] | None:
        return {"code": job.failure, "detail": job.failure_message} if job.failure else None

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, job: Job) -> dict[str, Any] | None:
        if job.state != State.SUCCEEDED:
            return None
        request = self.context["request"]
        addresses = {
            f"{suffix}_url": reverse("api:job-result", args=[job.pk, suffix], request=request) for suffix in FORMATS
        }
        return {"width": job.width, "height": job.height, **addresses}


class RefusalSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    retry_after = serializers.IntegerField(allow_null=True, help_text="Seconds, where that is known.")


class EstimateSerializer(serializers.Serializer):
    steps = serializers.IntegerField()
    pixel_steps = serializers.IntegerField(help_text="What it would take of your share of the day.")
    forecast = serializers.SerializerMethodField(help_text="Null where you may run no jobs.")
    percent_left = serializers.IntegerField(allow_null=True, help_text="What it would leave of your share of the day.")
    refusal = serializers.SerializerMethodField(help_text="Why it would not be taken now.")

    @extend_schema_field(ForecastSerializer(allow_null=True))
    def get_forecast(self, estimate: estimates.Estimate) -> dict[str, Any] | None:
        return _forecast(estimate.forecast)

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_refusal(self, estimate: estimates.Estimate) -> dict[str, Any] | None:
        refusal = estimate.refusal
        if refusal is None:
            return None
        return {"code": problems.code_of(refusal), "detail": str(refusal), "retry_after": refusal.retry_after}


def _with_preview(address: str, state: dict[str, Any]) -> dict[str, Any]:
    """With an address for programs, where pages have their own."""
    return state | {"preview": f"{address}?v={state['step']}"} if state.get("preview") else state


def _forecast(forecast: Forecast | None) -> dict[str, Any] | None:
    return dict(ForecastSerializer(forecast).data) if forecast else None


ORDER = OpenApiExample(
    "A draft",
    value={
        "photo": "0b5f6c1e-7d0f-4d55-9d0a-2f7e0c6a9b11",
        "style": "5a3f8a0e-55b1-4f0a-8f6e-8f4f0f1f2d22",
        "preset": "draft",
        "size": 256,
        "seed": 7,
    },
    request_only=True,
)
KEY = OpenApiParameter(
    KEY_HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    description="Drawn by you, one for each order. Sent again with the same order, it gives the first one's job.",
)
STATE = OpenApiParameter(
    "state", str, OpenApiParameter.QUERY, enum=State.values, description="Only jobs in this state."
)
LAST_EVENT = OpenApiParameter(
    "Last-Event-ID", str, OpenApiParameter.HEADER, description="The last event that you have seen, sent by browsers."
)
EVENTS = OpenApiExample(
    "A job under way",
    value=(
        "id: 5c1f0b7f6a3d2e10\nevent: progress\n"
        'data: {"state": "running", "percent": 50, "step": 39, "total_steps": 78, "scale": 2, "scales": 3,'
        ' "loss": 1.25, "loss_line": "", "seconds_left": 7, "preview": null, "place": null, "ends_in": null}\n\n'
        'id: 0a9b8c7d6e5f4a3b\nevent: done\ndata: {"state": "succeeded"}\n\n'
    ),
)


@extend_schema_view(
    list=extend_schema(summary="List your jobs", description="The newest first.", parameters=[STATE]),
    retrieve=extend_schema(summary="One of your jobs"),
)
class Jobs(ListModelMixin, RetrieveModelMixin, ApiViewSet):
    """Paintings, from the order to the picture. Nobody but their owner sees them."""

    serializer_class = JobSerializer
    queryset = Job.objects.none()
    looking_actions = ("estimate",)
    refusals = {
        "create": (422, 429, 503),
        "retry": (409, 429, 503),
        "cancel": (409,),
        "destroy": (409,),
    }

    def get_queryset(self) -> QuerySet[Job]:
        own = Job.objects.filter(owner=self.request.user).prefetch_related("paints")
        state = self.request.query_params.get("state") if self.action == "list" else None
        if state is None:
            return own
        if state not in State.values:
            raise serializers.ValidationError(
                {"state": _("Choose one of: %s.") % ", ".join(State.values)}, "invalid_choice"
            )
        return own.filter(state=state)

    @extend_schema(
        summary="Submit a job",
        request=JobOrderSerializer,
        responses={201: JobSerializer},
        parameters=[KEY],
        examples=[ORDER],
    )
    def create(self, request: Request) -> Response:
        submission, digest = submission_of(request)
        job = services.submitted_job(owner=request.user, submission=submission, digest=digest)
        return self._submitted(job or self._submit(request, submission, digest))

    def _submit(self, request: Request, submission: UUID, digest: str) -> Job:
        order = JobOrderSerializer(data=request.data, context=self.get_serializer_context())
        order.is_valid(raise_exception=True)
        chosen = order.validated_data
        return services.submit_job(
            owner=request.user,
            photo=chosen.pop("photo"),
            style=chosen.pop("style"),
            mix=[ingredient(one) for one in chosen.pop("mix")],
            order=services.Order(**chosen),
            submission=submission,
            digest=digest,
        )

    def _submitted(self, job: Job) -> Response:
        address = reverse("api:job", args=[job.pk], request=self.request)
        return Response(self.get_serializer(job).data, status=201, headers={"Location": address})

    @extend_schema(
        summary="Ask what a job would take",
        description="Nothing is submitted.",
        request=EstimateOrderSerializer,
        responses={200: EstimateSerializer},
    )
    def estimate(self, request: Request) -> Response:
        order = EstimateOrderSerializer(data=request.data, context=self.get_serializer_context())
        order.is_valid(raise_exception=True)
        found = estimates.estimate(owner=request.user, **order.validated_data)
        return Response(EstimateSerializer(found).data)

    @extend_schema(summary="Delete a finished job", description="With all it has made; 409 while it is unfinished.")
    def destroy(self, request: Request, pk: UUID) -> Response:
        services.delete_job(job=self.get_object())
        return Response(status=204)

    @extend_schema(summary="Cancel a waiting or running job", request=None, responses={200: JobSerializer})
    def cancel(self, request: Request, pk: UUID) -> Response:
        services.cancel_job(job=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Queue a failed or cancelled job again",
        description="It starts anew, with the same seed.",
        request=None,
        responses={200: JobSerializer},
    )
    def retry(self, request: Request, pk: UUID) -> Response:
        services.retry_job(job=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        summary="Fetch the painting",
        description="`png` and `jpeg` at full size, `webp` for pages. 404 while there is none.",
        parameters=[OpenApiParameter("format", str, OpenApiParameter.PATH, enum=FORMATS)],
        responses={(200, f"image/{suffix}"): OpenApiTypes.BINARY for suffix in FORMATS},
    )
    def result(self, request: Request, pk: UUID, format: str) -> HttpResponse:
        return file_of(self.get_object(), RESULTS.get(format, ""), RESULTS.values())

    @extend_schema(
        summary="Fetch the picture as it stands",
        description="Of a finished job, its painting. 404 before there is anything to see.",
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def preview(self, request: Request, pk: UUID) -> HttpResponse:
        job = self.get_object()
        response = file_of(job, "display" if job.display else "preview", JOB_KINDS)
        response["Cache-Control"] = "no-store"
        return response

    @extend_schema(
        summary="Watch a job",
        description=(
            "Server-sent events: `progress` with the whole state at every change, and one `done` at the end, after "
            "which the stream closes. A lost connection is taken up again with `Last-Event-ID`."
        ),
        parameters=[LAST_EVENT],
        responses={(200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, "The events as they come.", [EVENTS])},
    )
    def events(self, request: Request, pk: UUID) -> StreamingHttpResponse:
        job = self.get_object()
        preview = reverse("api:job-preview", args=[job.pk], request=request)
        return event_stream(job, request.headers.get("Last-Event-ID", ""), partial(_with_preview, preview))
