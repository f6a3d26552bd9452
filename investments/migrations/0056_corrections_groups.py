"""Editors and publishers read corrections from readers and mark them; administrators may remove them too."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_groups(apps, schema_editor):
    # On a new database the permissions come only after all migrations, and groups need them now.
    app = apps.get_app_config("investments")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app.models_module = None
    permission, group = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    allowed = {
        "Editor": ["view_correction", "change_correction"],
        "Publisher": ["view_correction", "change_correction"],
        "Admin": ["view_correction", "change_correction", "delete_correction", "add_correction"],
    }
    for name, codenames in allowed.items():
        for found in group.objects.filter(name=name):
            found.permissions.add(
                *permission.objects.filter(content_type__app_label="investments", codename__in=codenames)
            )


class Migration(migrations.Migration):
    dependencies = [("investments", "0055_corrections"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(let_groups, migrations.RunPython.noop)]
