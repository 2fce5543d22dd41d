"""A migration leaves the code before it working, for it is applied while that runs (docs/operations.md, “A new version”)."""

import pytest
from django.db.migrations import Migration
from django_migration_linter import MigrationLinter

ACCEPTED = {
    ("accounts", "0002_counts"): "a new table, which the linter knows only of models",
    ("media", "0002_pictures_and_documents"): "before the site was first public",
    ("pages", "0004_remove_page_placement"): "before the site was first public",
    ("partners", "0005_partnership_ends_on"): "before the site was first public",
    ("search", "0002_names"): "before the site was first public",
}
"""Migrations that the code before them does not bear, each with the reason why it may be so."""


@pytest.mark.django_db
def test_the_code_before_a_migration_goes_on_working(capsys):
    linter = MigrationLinter(no_cache=True, quiet=["ok", "warning"])
    # A new table breaks nothing.
    migrations = [each for each in linter.migration_loader.disk_migrations.values() if is_ours(each) and not each.initial]
    assert ("news", "0004_prominence") in {(each.app_label, each.name) for each in migrations}
    found = {(each.app_label, each.name) for each in migrations if breaks(linter, each)}
    assert found == ACCEPTED.keys(), capsys.readouterr().out


def breaks(linter: MigrationLinter, migration: Migration) -> bool:
    """Whether its SQL takes or renames what the former code reads, or asks for values that it does not write."""
    before = linter.nb_erroneous
    linter.lint_migration(migration)
    return linter.nb_erroneous > before


def is_ours(migration: Migration) -> bool:
    """What other packages' migrations do is theirs."""
    return not migration.__module__.startswith(("allauth.", "django.", "modeltranslation."))
