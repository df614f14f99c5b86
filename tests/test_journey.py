"""The whole way, over HTTP, with a real server, a real worker process and the real weights."""

from __future__ import annotations

import io
import json
import re
import uuid

import httpx
from PIL import Image

from tests.factories import PASSWORD, encode, make_image
from tests.live import LiveSite, Visitor


def read_events(visitor: Visitor, job: str) -> list[tuple[str, dict[str, object]]]:
    """Every event of the job's stream, read until the server ends it."""
    events, name = [], ""
    with visitor.stream("GET", f"{job}events/", timeout=120) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        for line in response.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
    return events


def test_from_sign_up_to_the_public_gallery(site: LiveSite) -> None:
    clara = Visitor(site)
    assert clara.sign_up("clara", PASSWORD).url.path == "/studio/"

    studio = clara.get("/studio/").text
    style = re.search(r'name="style"[^>]*value="([0-9a-f-]{36})"|value="([0-9a-f-]{36})"[^>]*name="style"', studio)
    assert style
    submitted = clara.submit(
        "/studio/",
        {
            "submission": str(uuid.uuid4()),
            "style": style[1] or style[2],
            "preset": "draft",
            "size": "256",
            "seed": "7",
        },
        files={"photo_file": ("holiday.jpg", encode(make_image(320, 240)), "image/jpeg")},
    )
    assert re.fullmatch(r"job=[0-9a-f-]{36}", submitted.url.query.decode()), submitted.text
    job = f"/studio/jobs/{submitted.url.params['job']}/"

    events = read_events(clara, job)
    progress = [content for name, content in events if name == "progress"]
    assert events[-1] == ("done", {"state": "succeeded"})
    assert [content["percent"] for content in progress] == sorted(content["percent"] for content in progress)  # type: ignore[type-var]
    assert len(progress) > 5
    preview = next(content["preview"] for content in reversed(progress) if content["preview"])
    assert preview

    finished = clara.get(job).text
    assert f"{job}download/png/" in finished
    png = clara.get(f"{job}download/png/")
    assert Image.open(io.BytesIO(png.content)).size == (256, 192)
    jpeg = clara.get(f"{job}download/jpeg/")
    assert Image.open(io.BytesIO(jpeg.content)).format == "JPEG"

    identity = job.split("/")[-2]
    work = clara.submit(f"/publish/{identity}/", {"title": "A field in colours"})
    assert work.url.path.startswith("/works/")

    stranger = httpx.Client(base_url=site.url)
    front = stranger.get("/").text
    assert "A field in colours" in front
    assert work.url.path in front
    picture = re.search(r'src="(/media/[0-9a-f]+\.webp)"', stranger.get(work.url.path).text)
    assert picture
    assert Image.open(io.BytesIO(stranger.get(picture[1]).content)).size == (256, 192)
    assert stranger.get(job).status_code == 302
    assert stranger.get(f"{job}download/png/").status_code == 302

    # From the request to the worker, the log tells of the job by its id.
    told = re.findall(rf"job {identity}: (\w+)", site.printed())
    assert told == ["submitted", "started", "succeeded"]
