"""Former slugs kept by the database, and the groups of those who work on the facts (docs/editing.md)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from investments.ledger import sql

REVIEWED = ["announcement", "milestone", "impact", "projectenergy", "forecast"]
SHARED = ["company", "deal", "datacenterproject", "dealparty", "projectparty", "source"]
LOOKED_AT = ["exchangerate", "ledgerentry"]
OWN = [f"{action}_savedview" for action in ("add", "change", "delete", "view")]


def make_groups(apps, schema_editor):
    # On a new database the permissions come only after all migrations, and groups need them now.
    for label in ("investments", "auth"):
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app.models_module = None
    permission, group = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    editing = OWN + [f"{action}_{model}" for model in REVIEWED + SHARED for action in ("add", "change", "view")]
    editing += [f"view_{model}" for model in LOOKED_AT]
    publishing = [*editing, "publish", "add_exchangerate", "change_exchangerate", "add_upload", "view_upload"]
    groups = {
        "Analyst": permission.objects.filter(content_type__app_label="investments", codename__in=OWN),
        "Editor": permission.objects.filter(content_type__app_label="investments", codename__in=editing),
        "Publisher": permission.objects.filter(content_type__app_label="investments", codename__in=publishing),
        "Admin": permission.objects.filter(content_type__app_label__in=["investments", "auth"]),
    }
    for name, permissions in groups.items():
        group.objects.get_or_create(name=name)[0].permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("investments", "0020_editing"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(sql.text("slugs"), migrations.RunSQL.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
