import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models

# Once a transaction, whatever it changed; the row may be missing where all tables were emptied.
FUNCTION = """
CREATE FUNCTION content_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    this text := pg_current_xact_id()::text;
BEGIN
    IF current_setting('delivery.changed_by', true) IS DISTINCT FROM this THEN
        PERFORM set_config('delivery.changed_by', this, true);
        INSERT INTO delivery_contentversion (id, token, changed_at) VALUES (1, gen_random_uuid(), clock_timestamp())
            ON CONFLICT (id) DO UPDATE SET token = excluded.token, changed_at = excluded.changed_at;
    END IF;
    RETURN NULL;
END $$;
INSERT INTO delivery_contentversion (id) VALUES (1);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID())),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="delivery_one_version")],
            },
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION content_changed() CASCADE"),
    ]
