from django.db import migrations

from softfactory.kernel.sealing import seal, unseal

SECRETS = {"secret", "seed"}


def rewrite(how):
    def each(apps, schema_editor):
        for factor in apps.get_model("mfa", "Authenticator").objects.all():
            factor.data |= {name: how(factor.data[name]) for name in SECRETS & factor.data.keys()}
            factor.save(update_fields=["data"])

    return each


class Migration(migrations.Migration):
    """Until here, allauth kept the secrets of second factors as they are."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(rewrite(seal), rewrite(unseal))]
