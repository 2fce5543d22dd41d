"""The table of the log, the functions that write it, and the one that keeps it as it is.

Which tables are watched, `tables.watch` decides after every `migrate`.
"""

import django.contrib.postgres.fields
import django.db.models.functions
from django.db import migrations, models

FUNCTIONS = """
-- Who acts: what the desk said for this request (`audit.acting`), else the role and the program of this connection.
CREATE FUNCTION audit_actor(OUT user_key bigint, OUT who text, OUT via text) LANGUAGE plpgsql STABLE AS $$
DECLARE said jsonb := nullif(current_setting('audit.actor', true), '')::jsonb;
BEGIN
    user_key := (said->>'id')::bigint;
    who := CASE WHEN said IS NULL THEN session_user::text ELSE coalesce(said->>'name', '') END;
    via := coalesce(said->>'via', current_setting('application_name', true), '');
END $$;

-- The label of the model whose content type this is.
CREATE FUNCTION audit_model(content_type bigint) RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT app_label || '.' || model FROM django_content_type WHERE id = content_type $$;

-- A change of a row. The trigger's argument is `tables.Watched` as JSON.
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    watched jsonb := TG_ARGV[0]::jsonb;
    ignored text[] := ARRAY(SELECT jsonb_array_elements_text(watched->'ignored'));
    was jsonb; becomes jsonb; known jsonb; old_values jsonb; new_values jsonb;
    name text; item_name text; item_model text; item_id text; done text := lower(TG_OP);
    actor record;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN becomes := to_jsonb(NEW); END IF;
    known := coalesce(becomes, was);
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(key, was->key), jsonb_object_agg(key, value) INTO old_values, new_values
            FROM jsonb_each(becomes - ignored) WHERE was->key IS DISTINCT FROM value;
        IF new_values IS NULL THEN RETURN NULL; END IF;
    ELSE
        SELECT jsonb_object_agg(key, value) INTO new_values FROM jsonb_each(known - ignored)
            WHERE value NOT IN ('null', '""', '[]');
        IF TG_OP = 'DELETE' THEN old_values := new_values; new_values := NULL; END IF;
    END IF;
    actor := audit_actor();
    IF TG_OP = 'UPDATE' AND new_values ? 'password' THEN
        -- A sign-in writes a password's hash anew when Django has made it harder: the password is the same.
        IF actor.via LIKE '%login' AND new_values - 'password' = '{}' THEN RETURN NULL; END IF;
        done := 'password';
    END IF;
    FOR name IN SELECT jsonb_array_elements_text(watched->'secret') LOOP
        IF old_values ? name THEN old_values := jsonb_set(old_values, ARRAY[name], '"***"'); END IF;
        IF new_values ? name THEN new_values := jsonb_set(new_values, ARRAY[name], '"***"'); END IF;
    END LOOP;
    item_model := watched->>'item_model';
    item_id := known->>(watched->>'item_column');
    IF item_model IS NULL THEN
        item_model := audit_model((known->>'content_type_id')::bigint);
    ELSIF item_model = watched->>'model' THEN
        FOR name IN SELECT jsonb_array_elements_text(watched->'names') LOOP
            item_name := coalesce(item_name,
                nullif(CASE jsonb_typeof(known->name) WHEN 'array' THEN known->name->>0 ELSE known->>name END, ''));
        END LOOP;
    END IF;
    INSERT INTO audit_entry (user_key, who, via, action, model, row_id, item_model, item_id, item_name, old, new)
        VALUES (actor.user_key, actor.who, actor.via, done, watched->>'model', known->>(watched->>'key'),
            coalesce(item_model, ''), coalesce(item_id, ''), coalesce(item_name, ''), old_values, new_values);
    RETURN NULL;
END $$;

-- All rows of a table at once.
CREATE FUNCTION audit_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE actor record := audit_actor();
BEGIN
    INSERT INTO audit_entry (user_key, who, via, action, model, item_model)
        VALUES (actor.user_key, actor.who, actor.via, 'truncate', TG_ARGV[0], TG_ARGV[0]);
    RETURN NULL;
END $$;

-- An act of an editor: what a new revision says, and how its working copy differs from the one before.
CREATE FUNCTION audit_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    before jsonb; old_values jsonb; new_values jsonb; old_part jsonb; new_part jsonb; part text; name text; item_name text;
    actor record := audit_actor();
BEGIN
    SELECT data INTO before FROM publishing_revision
        WHERE content_type_id = NEW.content_type_id AND object_id = NEW.object_id AND id < NEW.id ORDER BY id DESC LIMIT 1;
    IF before IS NOT NULL THEN
        FOREACH part IN ARRAY ARRAY['fields', 'links', 'parts'] LOOP
            SELECT jsonb_object_agg(key, before->part->key), jsonb_object_agg(key, value) INTO old_part, new_part
                FROM jsonb_each(NEW.data->part) WHERE before->part ? key AND before->part->key <> value;
            IF new_part IS NOT NULL THEN
                old_values := coalesce(old_values, '{}') || jsonb_build_object(part, old_part);
                new_values := coalesce(new_values, '{}') || jsonb_build_object(part, new_part);
            END IF;
        END LOOP;
    END IF;
    FOR name IN SELECT jsonb_array_elements_text(TG_ARGV[0]::jsonb) LOOP
        item_name := coalesce(item_name, nullif(NEW.data->'fields'->>name, ''));
    END LOOP;
    IF actor.user_key IS NULL AND NEW.author_id IS NOT NULL THEN
        SELECT id, username INTO actor.user_key, actor.who FROM auth_user WHERE id = NEW.author_id;
    END IF;
    INSERT INTO audit_entry (user_key, who, via, action, model, row_id, item_model, item_id, item_name, old, new, languages, note)
        SELECT actor.user_key, actor.who, actor.via, NEW.action, audit_model(NEW.content_type_id), NEW.object_id::text,
            audit_model(NEW.content_type_id), NEW.object_id::text, coalesce(item_name, ''), old_values, new_values,
            NEW.languages, NEW.note;
    RETURN NULL;
END $$;

-- The log itself: nothing is changed; deleted is only what `audit_forget` deletes, never what is younger than half a year.
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('audit.forgetting', true) = 'on' THEN
        IF OLD.happened_at < now() - interval '6 months' THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'The log can only be added to: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_guard_rows BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_guard_table BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();

-- Deletes entries older than so many months, some thousands at a time, and says so in the log.
CREATE FUNCTION audit_forget(months integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE number bigint; actor record := audit_actor();
BEGIN
    PERFORM set_config('audit.forgetting', 'on', true);
    DELETE FROM audit_entry WHERE id IN (
        SELECT id FROM audit_entry WHERE happened_at < now() - make_interval(months => months) ORDER BY happened_at LIMIT 20000);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM set_config('audit.forgetting', 'off', true);
    IF number > 0 THEN
        INSERT INTO audit_entry (user_key, who, via, action, note)
            VALUES (actor.user_key, actor.who, actor.via, 'shortened', number::text);
    END IF;
    RETURN number;
END $$;
"""

# What the database fills in where a trigger names no value; Django's columns of text have no default of their own.
DEFAULTS = """
ALTER TABLE audit_entry
    ALTER who SET DEFAULT '', ALTER via SET DEFAULT '', ALTER model SET DEFAULT '', ALTER row_id SET DEFAULT '',
    ALTER item_model SET DEFAULT '', ALTER item_id SET DEFAULT '', ALTER item_name SET DEFAULT '', ALTER languages SET DEFAULT '{}',
    ALTER note SET DEFAULT '';
"""

UNDO = """
DROP FUNCTION audit_row, audit_truncate, audit_act, audit_guard, audit_forget, audit_actor, audit_model CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("contenttypes", "0002_remove_content_type_name"), ("publishing", "0003_presence")]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField(db_default=django.db.models.functions.Now())),
                ("user_key", models.BigIntegerField(null=True)),
                ("who", models.TextField(blank=True)),
                ("via", models.TextField(blank=True)),
                ("action", models.CharField(max_length=12)),
                ("model", models.CharField(blank=True, max_length=100)),
                ("row_id", models.TextField(blank=True)),
                ("item_model", models.CharField(blank=True, max_length=100)),
                ("item_id", models.TextField(blank=True)),
                ("item_name", models.TextField(blank=True)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "entry of the log",
                "verbose_name_plural": "log",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["happened_at", "id"], name="audit_by_time"),
                    models.Index(fields=["who", "happened_at", "id"], name="audit_by_who"),
                    models.Index(fields=["item_model", "item_id", "happened_at", "id"], name="audit_by_item"),
                    models.Index(fields=["item_model", "happened_at", "id"], name="audit_by_kind"),
                    models.Index(fields=["action", "happened_at", "id"], name="audit_by_action"),
                ],
            },
        ),
        migrations.RunSQL(DEFAULTS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, UNDO),
        # See the model: it is no table that `flush` may empty. A later migration of it is written in SQL.
        migrations.AlterModelOptions(
            name="entry",
            options={
                "managed": False,
                "verbose_name": "entry of the log",
                "verbose_name_plural": "log",
                "default_permissions": ("view",),
            },
        ),
    ]
