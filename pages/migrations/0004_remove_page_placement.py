from django.db import migrations

HEADER = ("conference", "goals", "questions", "PAGES", "news", "partnerships", "cities", "organisations")


def move_to_menus(apps, schema_editor):
    """Where a page stood becomes rows that editors arrange. A new site has none yet: the starting content brings them."""
    pages, links = (apps.get_model(*model).objects for model in (("pages", "Page"), ("navigation", "MenuEntry")))
    pages = list(pages.filter(deleted_at=None).order_by("order", "pk"))
    if not pages or links.exists():
        return
    header, footer = (
        [{"kind": "page", "object_id": page.pk} for page in pages if page.placement == placement]
        for placement in ("menu", "footer")
    )
    header = [link for name in HEADER for link in (header if name == "PAGES" else [{"section": name}])]
    for place, rows in (("header", header), ("footer", footer)):
        links.bulk_create(links.model(place=place, order=10 * number, **row) for number, row in enumerate(rows, start=1))


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_review"),
        ("navigation", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move_to_menus, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="page",
            name="placement",
        ),
    ]
