from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget_sentences(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Warnings used to be kept as English sentences, which nothing can translate; a running training says them anew."""
    apps.get_model("transfer", "Generator").objects.exclude(notes=[]).update(notes=[])


class Migration(migrations.Migration):
    dependencies = [("transfer", "0003_generators")]

    operations = [migrations.RunPython(forget_sentences, migrations.RunPython.noop)]
