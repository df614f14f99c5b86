from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_wording"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="mail_when_done",
            field=models.CharField(
                choices=[("never", "Never"), ("long", "If it took more than a few minutes")],
                default="never",
                max_length=8,
                verbose_name="e-mail when a painting is done",
            ),
        ),
    ]
