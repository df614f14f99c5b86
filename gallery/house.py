"""The house: the artist of the works that come with the project, hung once, on a site where nobody has painted."""

from __future__ import annotations

import io
from pathlib import Path

from django.db import transaction
from PIL import Image

from accounts.models import User
from gallery import services
from gallery.house_works import HOUSE_WORKS, SIZE, HouseWork
from gallery.models import Artwork
from gallery.services import Caption
from transfer.models import Colours, Init, Job, Style
from transfer.services import Order, add_painted, load_starter_styles, photo_of_sample
from transfer.uploads import decode_upload

# Nobody can sign up under this name, and no mail reaches this address.
NAME, ADDRESS = "stylesite", "house@stylesite.invalid"


def is_wanted() -> bool:
    """Whether nobody has painted here yet, the house least of all: what it hung and somebody removed stays removed."""
    return not (Job.objects.exists() or User.objects.filter(username=NAME).exists())


@transaction.atomic
def hang_house_works() -> list[Artwork]:
    """All of them or none; the house with them."""
    house = User(username=NAME, name="Stylesite", email=ADDRESS, has_toured=True)
    house.set_unusable_password()
    house.save()
    if not Style.objects.starters().exists():
        load_starter_styles()
    return [_hang(house, work) for work in reversed(HOUSE_WORKS)]


def _hang(house: User, work: HouseWork) -> Artwork:
    photo = photo_of_sample(owner=house, sample=work.sample)
    style = Style.objects.starters().get(slug=work.style)
    job = add_painted(owner=house, photo=photo, style=style, order=_order(work), picture=_decoded(work.path))
    return services.publish(job=job, caption=Caption(title=work.title, tags=list(work.tags), share_photo=True))


def _order(work: HouseWork) -> Order:
    return Order(
        preset=work.preset,
        size=SIZE,
        style_strength=1.0,
        brush_size=1.0,
        colours=Colours(work.colours),
        init=Init.PHOTO,
        generator=None,
        gan_strength=0.5,
        seed=work.seed,
    )


def _decoded(path: Path) -> Image.Image:
    return decode_upload(io.BytesIO(path.read_bytes()))
