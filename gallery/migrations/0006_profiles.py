import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gallery.models.prints


class Migration(migrations.Migration):
    dependencies = [
        ("gallery", "0005_moderation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.TextField(blank=True, max_length=500, verbose_name="about")),
                (
                    "avatar",
                    models.FileField(
                        blank=True,
                        storage=gallery.models.prints.public_storage,
                        upload_to="",
                        verbose_name="picture",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profile",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "profile",
                "verbose_name_plural": "profiles",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("avatar", ""), _negated=True), fields=("avatar",), name="an_avatar_is_one_persons"
            ),
        ),
        migrations.AddField(
            model_name="artwork",
            name="fingerprint",
            field=models.CharField(blank=True, editable=False, max_length=16, verbose_name="fingerprint"),
        ),
        migrations.AddIndex(
            model_name="artwork",
            index=models.Index(fields=["-published_at", "-id"], name="all_works"),
        ),
        migrations.AlterField(
            model_name="act",
            name="kind",
            field=models.CharField(
                choices=[
                    ("approve", "Approved"),
                    ("hide", "Hidden"),
                    ("remove", "Removed"),
                    ("feature", "Featured"),
                    ("unfeature", "Featured no longer"),
                    ("warn", "Warned"),
                    ("suspend", "Suspended"),
                    ("reinstate", "Reinstated"),
                    ("clear", "Cleared"),
                ],
                max_length=16,
                verbose_name="act",
            ),
        ),
    ]
