"""Works published before there were prints: their two files become the renditions of a print.

No file is opened, so that a site without its files, or with them elsewhere, migrates too.
"""

from django.conf import settings
from django.db import migrations

from gallery.trend import age_at
from gallery.words import words_of


def forwards(apps, schema_editor):
    artworks = apps.get_model("gallery", "Artwork").objects.select_related("job__style", "artist")
    for artwork in artworks.iterator():
        artwork.painting = print_of(apps, artwork)
        artwork.style = artwork.job.style
        artwork.trend = age_at(artwork.published_at)
        artwork.words = words_of([artwork.title, artwork.artist.username, artwork.style.name])
        artwork.save()


def print_of(apps, artwork):
    made = apps.get_model("gallery", "Print").objects.create(width=artwork.image_width, height=artwork.image_height)
    files = {
        width: {"height": height, "file": file}
        for file, width, height in (
            (artwork.card.name, artwork.card_width, artwork.card_height),
            (artwork.image.name, artwork.image_width, artwork.image_height),
        )
        if file
    }
    for width, rendition in files.items():
        made.renditions.create(format="webp", width=width, **rendition)
    return made


class Migration(migrations.Migration):
    dependencies = [
        ("gallery", "0002_prints_and_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
