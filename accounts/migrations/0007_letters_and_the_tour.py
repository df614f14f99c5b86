import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_name_and_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="has_toured",
            # Whoever is here already knows the studio.
            field=models.BooleanField(default=True, verbose_name="has seen the tour"),
        ),
        migrations.AlterField(
            model_name="user",
            name="has_toured",
            field=models.BooleanField(default=False, verbose_name="has seen the tour"),
        ),
        migrations.AddField(
            model_name="user",
            name="mail_when_done",
            field=models.CharField(
                choices=[("never", "Never"), ("long", "When it took a few minutes or more")],
                default="never",
                max_length=8,
                verbose_name="e-mail when a painting is done",
            ),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("template", models.CharField(max_length=80, verbose_name="template")),
                ("content", models.JSONField(default=dict, verbose_name="content")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="next attempt at"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
            },
        ),
    ]
