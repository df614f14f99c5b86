"""A training's curves as shapes."""

from __future__ import annotations

import pytest

from transfer.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, charts_of, rounded_up
from transfer.models import Generator


def point(step: int, frechet: float | None = None, **values: float) -> dict[str, float | None]:
    measured = {"discriminator_loss": 1.0, "generator_loss": 3.0, "real": 0.75, "fake": 0.25}
    return {"step": step, **measured, **values, "frechet": frechet}


def charts(*points: dict[str, float | None]) -> list[Chart]:
    return charts_of(Generator(curve=list(points), total_steps=100))


def test_there_is_nothing_to_draw_before_the_first_point() -> None:
    assert charts() == []


def test_a_distance_never_measured_has_no_chart() -> None:
    assert [chart.title for chart in charts(point(1))] == ["Losses", "Taken for real by the discriminator"]


def test_steps_run_across_and_values_up() -> None:
    _, beliefs, distance = charts(point(0, 200.0, real=1.0, fake=0.0), point(100, 100.0, real=0.0, fake=1.0))

    assert beliefs.lines[0].points == f"{LEFT},{TOP} {RIGHT},{BOTTOM}"
    assert beliefs.lines[1].points == f"{LEFT},{BOTTOM} {RIGHT},{TOP}"
    assert distance.lines[0].points == f"{LEFT},{TOP} {RIGHT},{(TOP + BOTTOM) // 2}"
    assert [tick.label for tick in distance.across] == ["0", "25", "50", "75", "100"]
    assert [tick.label for tick in distance.up] == ["0", "50", "100", "150", "200"]


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.013, 0.02), (0.5, 0.6), (1, 1), (3.1, 4), (95, 100)])
def test_the_axis_ends_at_a_round_number(value: float, top: float) -> None:
    assert rounded_up(value) == pytest.approx(top)
