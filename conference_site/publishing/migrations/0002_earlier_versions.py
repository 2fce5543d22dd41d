from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="revision",
            name="action",
            field=models.CharField(
                choices=[
                    ("loaded", "loaded with the starting content"),
                    ("saved", "saved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                    ("deleted", "deleted"),
                    ("restored", "restored"),
                    ("reverted", "earlier version brought back"),
                ],
                max_length=12,
            ),
        ),
    ]
