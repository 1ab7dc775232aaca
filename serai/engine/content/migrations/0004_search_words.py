"""The index holds each word once with signs (search/words.py), beside it the words of the house and what they are like.

Both databases match words only; the order of what is found is made in Python. What was in the index is written afresh by
`serai search --reindex`, or by the clock when the house opens. Words compare byte by byte on both databases. A later
migration that rebuilds content_searchentry on SQLite drops the triggers: run `make_index` again after it (a test looks).
"""

import importlib

from django.db import migrations, models

former = importlib.import_module("serai.engine.content.migrations.0003_search_index")

SQLITE = [
    "CREATE TABLE content_searchword (word text NOT NULL PRIMARY KEY, docs integer NOT NULL) WITHOUT ROWID",
    "CREATE TABLE content_searchkey (key text NOT NULL, word text NOT NULL, PRIMARY KEY (key, word)) WITHOUT ROWID",
    """
    CREATE VIRTUAL TABLE content_searchindex USING fts5(
        words, content='content_searchentry', content_rowid='id', detail=none, columnsize=0,
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
    )
    """,
    """
    CREATE TRIGGER content_searchentry_added AFTER INSERT ON content_searchentry BEGIN
        INSERT INTO content_searchindex(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER content_searchentry_gone AFTER DELETE ON content_searchentry BEGIN
        INSERT INTO content_searchindex(content_searchindex, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER content_searchentry_changed AFTER UPDATE ON content_searchentry BEGIN
        INSERT INTO content_searchindex(content_searchindex, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO content_searchindex(rowid, words) VALUES (new.id, new.words);
    END
    """,
]
# Long texts lie apart, so that looking at the order of many documents reads little. The function says what it costs, or
# PostgreSQL would think that reading all texts is cheaper than its index.
POSTGRES = [
    'CREATE TABLE content_searchword (word text COLLATE "C" NOT NULL PRIMARY KEY, docs integer NOT NULL)',
    """
    CREATE TABLE content_searchkey (
        key text COLLATE "C" NOT NULL, word text COLLATE "C" NOT NULL, PRIMARY KEY (key, word)
    )
    """,
    "ALTER TABLE content_searchentry SET (toast_tuple_target = 128)",
    """
    CREATE FUNCTION content_searchwords(words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 400 AS $$
    BEGIN
        RETURN array_to_tsvector(string_to_array(words, ' '));
    END
    $$
    """,
    "CREATE INDEX content_searchentry_words ON content_searchentry USING gin (content_searchwords(words))",
]
UNDO_SQLITE = [
    "DROP TRIGGER content_searchentry_added",
    "DROP TRIGGER content_searchentry_gone",
    "DROP TRIGGER content_searchentry_changed",
    "DROP TABLE content_searchindex",
    "DROP TABLE content_searchkey",
    "DROP TABLE content_searchword",
]
UNDO_POSTGRES = [
    "DROP INDEX content_searchentry_words",
    "DROP FUNCTION content_searchwords(text)",
    "ALTER TABLE content_searchentry RESET (toast_tuple_target)",
    "DROP TABLE content_searchkey",
    "DROP TABLE content_searchword",
]


def _run(schema_editor, sqlite, postgres):
    for statement in postgres if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


def make_index(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRES)


def drop_index(apps, schema_editor):
    _run(schema_editor, UNDO_SQLITE, UNDO_POSTGRES)


def forget_all(apps, schema_editor):
    apps.get_model("content", "SearchEntry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("content", "0003_search_index")]

    operations = [
        migrations.RunPython(forget_all, forget_all),
        migrations.RunPython(former.drop_index, former.make_index),
        migrations.RemoveField("searchentry", "folded_title"),
        migrations.RemoveField("searchentry", "folded"),
        migrations.AddField("searchentry", "kind", models.CharField(max_length=40, blank=True, default="")),
        migrations.AddField("searchentry", "standing", models.BigIntegerField(default=0)),
        migrations.AddField("searchentry", "title_words", models.TextField(default="")),
        migrations.AddField("searchentry", "gist", models.TextField(default="")),
        migrations.AddField("searchentry", "words", models.TextField(default="")),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    "SearchWord", [("word", models.TextField(primary_key=True, serialize=False)), ("docs", models.IntegerField())]
                ),
                migrations.CreateModel(
                    "SearchKey",
                    [
                        ("pk", models.CompositePrimaryKey("key", "word", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("key", models.TextField()),
                        ("word", models.TextField()),
                    ],
                ),
            ],
            database_operations=[migrations.RunPython(make_index, drop_index)],
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_all),
    ]
