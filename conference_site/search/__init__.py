"""Search that understands Arabic: from a text to the lexemes that PostgreSQL finds it by, from a visitor's words to a query.

`clean` → `tokens` → `arabic`, `english` → `lexemes` are the same for documents, queries and marking; `documents` and `queries`
write the literals of `tsvector` and `tsquery`; `names` holds what counts as one; `highlight` finds the passage that matched.
Nothing here knows a model or asks the database.
"""
