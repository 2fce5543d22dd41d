from django.db import migrations

# What `manage.py createcachetable` would make, so that `migrate` is all that is needed.
CREATE = """
CREATE TABLE accounts_counts (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX accounts_counts_expires ON accounts_counts (expires);
"""


class Migration(migrations.Migration):
    """Where attempts to sign in are counted (`CACHES`)."""

    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE accounts_counts;")]
