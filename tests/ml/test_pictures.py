from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from ml.pictures import Fault, Limits, PictureError, decode_picture

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48), color: object = None) -> Image.Image:
    return Image.new(mode, size, color)  # type: ignore[arg-type]


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, format, **options)
    file.seek(0)
    return file


def srgb_with_red_and_green_exchanged() -> bytes:
    """The sRGB profile with the names of two colorant tags exchanged in its table."""
    return SRGB.replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ").replace(b"tmp_", b"gXYZ")


def fault_of(content: bytes, limits: Limits | None = None) -> Fault:
    with pytest.raises(PictureError) as caught:
        decode_picture(io.BytesIO(content), limits)
    return caught.value.fault


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_every_accepted_format_becomes_rgb_of_the_same_size(format: str) -> None:
    decoded = decode_picture(encoded(picture(color=(200, 40, 40)), format))

    assert (decoded.mode, decoded.size) == ("RGB", (64, 48))
    assert np.abs(np.asarray(decoded)[24, 32].astype(int) - (200, 40, 40)).max() < 8


def test_a_file_on_disk_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "no-suffix"
    path.write_bytes(encoded(picture()).getvalue())

    assert decode_picture(path).size == (64, 48)


def test_an_empty_file_is_refused() -> None:
    assert fault_of(b"") == Fault.EMPTY


def test_a_text_file_is_refused_whatever_it_is_called() -> None:
    assert fault_of(b"Dear diary, today I renamed myself to photo.jpg") == Fault.UNREADABLE


def test_a_truncated_jpeg_is_refused() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8))
    content = encoded(noise, "JPEG").getvalue()

    assert fault_of(content[: len(content) // 2]) == Fault.DAMAGED


def test_a_png_with_a_broken_chunk_is_refused() -> None:
    content = bytearray(encoded(picture()).getvalue())
    content[45] ^= 0xFF

    assert fault_of(bytes(content)) in (Fault.DAMAGED, Fault.UNREADABLE)


@pytest.mark.parametrize("side", [9_000, 30_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    assert fault_of(png_claiming(side, side), Limits(max_pixels=50_000_000)) == Fault.TOO_MANY_PIXELS


def test_too_many_bytes_are_refused() -> None:
    assert fault_of(bytes(1001), Limits(max_bytes=1000)) == Fault.TOO_MANY_BYTES


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_an_animated_image_is_refused(format: str) -> None:
    frames = [picture(color=color) for color in ("red", "green", "blue")]
    content = encoded(frames[0], format, save_all=True, append_images=frames[1:]).getvalue()

    assert fault_of(content) == Fault.ANIMATED


def test_a_gif_is_refused() -> None:
    assert fault_of(encoded(picture("P"), "GIF").getvalue()) == Fault.UNREADABLE


def test_a_jpeg_with_a_second_picture_behind_it_gives_its_first() -> None:
    content = encoded(picture(color="red"), "MPO", save_all=True, append_images=[picture(color="blue")])

    red, _, blue = decode_picture(content).getpixel((10, 10))  # type: ignore[misc]
    assert red > 200
    assert blue < 50


def test_a_single_pixel_is_refused() -> None:
    assert fault_of(encoded(picture(size=(1, 1))).getvalue()) == Fault.TOO_SMALL


def test_a_ribbon_is_refused() -> None:
    assert fault_of(encoded(picture(size=(900, 40))).getvalue()) == Fault.TOO_NARROW


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    image = picture(size=(64, 48), color="black")
    image.paste("white", (0, 0, 32, 48))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera's top is at the picture's right

    decoded = decode_picture(encoded(image, "JPEG", exif=exif))

    assert decoded.size == (48, 64)
    assert decoded.getpixel((24, 10))[0] > 200  # type: ignore[index]
    assert decoded.getpixel((24, 54))[0] < 50  # type: ignore[index]


def test_no_metadata_survives() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    exif[0x010F] = "A camera"

    decoded = decode_picture(encoded(picture(), "JPEG", exif=exif, comment=b"secret", icc_profile=SRGB))

    assert decoded.info == {}
    assert not decoded.getexif()
    assert b"secret" not in encoded(decoded, "JPEG").getvalue()


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    decoded = decode_picture(encoded(picture("CMYK", color=(0, 255, 255, 0)), "JPEG"))

    red, green, blue = decoded.getpixel((10, 10))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bits_are_scaled_to_eight_and_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)

    decoded = np.asarray(decode_picture(encoded(Image.fromarray(ramp))))

    np.testing.assert_allclose(decoded[..., 0], ramp / 257, atol=1)


def test_another_colour_space_is_converted_to_srgb() -> None:
    """In a profile whose red and green are exchanged, what the file calls red is green."""
    content = encoded(picture(color=(255, 0, 0)), icc_profile=srgb_with_red_and_green_exchanged())

    red, green, _ = decode_picture(content).getpixel((10, 10))  # type: ignore[misc]
    assert green > 240
    assert red < 15


def test_transparency_lies_on_white() -> None:
    decoded = decode_picture(encoded(picture("RGBA", color=(255, 0, 0, 0))))

    assert decoded.getpixel((10, 10)) == (255, 255, 255)


def test_a_palette_picture_keeps_its_colours() -> None:
    decoded = decode_picture(encoded(picture(color=(10, 200, 30)).quantize(4)))

    assert decoded.getpixel((10, 10)) == (10, 200, 30)


def test_a_profile_that_does_not_fit_the_picture_is_passed_over() -> None:
    decoded = decode_picture(encoded(picture(color=(10, 200, 30)), icc_profile=b"not a profile"))

    assert decoded.getpixel((10, 10)) == (10, 200, 30)
