"""The index of words beside SearchEntry, kept by the database itself: FTS5 with triggers, or a generated tsvector.

A later migration that rebuilds the table on SQLite drops the triggers: run `make_index` again after it (a test looks).
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE content_searchindex USING fts5(
        folded_title, folded, content='content_searchentry', content_rowid='id', prefix='2 3 4',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
    )
    """,
    """
    CREATE TRIGGER content_searchentry_added AFTER INSERT ON content_searchentry BEGIN
        INSERT INTO content_searchindex(rowid, folded_title, folded) VALUES (new.id, new.folded_title, new.folded);
    END
    """,
    """
    CREATE TRIGGER content_searchentry_gone AFTER DELETE ON content_searchentry BEGIN
        INSERT INTO content_searchindex(content_searchindex, rowid, folded_title, folded)
        VALUES ('delete', old.id, old.folded_title, old.folded);
    END
    """,
    """
    CREATE TRIGGER content_searchentry_changed AFTER UPDATE ON content_searchentry BEGIN
        INSERT INTO content_searchindex(content_searchindex, rowid, folded_title, folded)
        VALUES ('delete', old.id, old.folded_title, old.folded);
        INSERT INTO content_searchindex(rowid, folded_title, folded) VALUES (new.id, new.folded_title, new.folded);
    END
    """,
    "INSERT INTO content_searchindex(content_searchindex) VALUES ('rebuild')",
]
# Words are cut and folded already; to_tsvector would cut them again, in its own way. Positions end at 16383.
POSTGRES = [
    """
    CREATE FUNCTION content_searchvector(title text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(
            '''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || ''':' || least(at, 16383) || weight, ' '
        ), '')::tsvector
        FROM (
            SELECT word, at, 'A' AS weight
            FROM unnest(string_to_array(title, ' ')) WITH ORDINALITY AS t(word, at) WHERE word <> ''
            UNION ALL
            SELECT word, at + 1000, 'D'
            FROM unnest(string_to_array(body, ' ')) WITH ORDINALITY AS b(word, at) WHERE word <> ''
        ) AS words
    $$
    """,
    """
    ALTER TABLE content_searchentry ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (content_searchvector(folded_title, folded)) STORED
    """,
    "CREATE INDEX content_searchentry_vector ON content_searchentry USING gin (vector)",
]
UNDO_SQLITE = [
    "DROP TRIGGER content_searchentry_added",
    "DROP TRIGGER content_searchentry_gone",
    "DROP TRIGGER content_searchentry_changed",
    "DROP TABLE content_searchindex",
]
UNDO_POSTGRES = [
    "ALTER TABLE content_searchentry DROP COLUMN vector",
    "DROP FUNCTION content_searchvector(text, text)",
]


def _run(schema_editor, sqlite, postgres):
    for statement in postgres if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


def make_index(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRES)


def drop_index(apps, schema_editor):
    _run(schema_editor, UNDO_SQLITE, UNDO_POSTGRES)


class Migration(migrations.Migration):
    dependencies = [("content", "0002_choose_files")]

    operations = [migrations.RunPython(make_index, drop_index)]
