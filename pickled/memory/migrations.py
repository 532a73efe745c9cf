"""The memory file's schema: numbered steps, each run once, in one transaction, after a copy."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE scope (
        number INTEGER PRIMARY KEY,
        persona TEXT NOT NULL,
        channel TEXT NOT NULL,
        UNIQUE (persona, channel)
    );

    CREATE TABLE entry (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        scope INTEGER NOT NULL REFERENCES scope (number),
        stream TEXT NOT NULL DEFAULT '',
        at INTEGER NOT NULL,                    -- ms since 1970
        author TEXT NOT NULL DEFAULT '',
        author_id TEXT NOT NULL DEFAULT '',
        source TEXT NOT NULL,
        text TEXT NOT NULL,
        said_as TEXT NOT NULL,                  -- who, when and what, as indexed and embedded
        importance REAL NOT NULL DEFAULT 0.5,
        seen INTEGER NOT NULL DEFAULT 1,        -- how often the same was said
        expires_at INTEGER,                     -- ms since 1970
        hash BLOB NOT NULL,                     -- of what was said, by whom, in this scope
        embedded INTEGER NOT NULL DEFAULT 0     -- 0 waits, 1 has its vector, 2 has no meaning
    );
    CREATE UNIQUE INDEX entry_hash ON entry (hash);
    CREATE INDEX entry_order ON entry (scope, stream, at, number);
    CREATE INDEX entry_author ON entry (author_id, scope);
    CREATE INDEX entry_expires ON entry (expires_at) WHERE expires_at IS NOT NULL;
    CREATE INDEX entry_waits ON entry (number) WHERE embedded = 0;

    CREATE TABLE origin (                       -- what an entry was made of
        message TEXT NOT NULL,
        entry INTEGER NOT NULL REFERENCES entry (number) ON DELETE CASCADE,
        PRIMARY KEY (message, entry)
    ) WITHOUT ROWID;
    CREATE INDEX origin_entry ON origin (entry);

    CREATE TABLE about (                        -- whom an entry is about, beside its author
        viewer TEXT NOT NULL,
        entry INTEGER NOT NULL REFERENCES entry (number) ON DELETE CASCADE,
        PRIMARY KEY (viewer, entry)
    ) WITHOUT ROWID;
    CREATE INDEX about_entry ON about (entry);

    CREATE TABLE vector (                       -- the truth; the index beside it is made of it
        entry INTEGER PRIMARY KEY REFERENCES entry (number) ON DELETE CASCADE,
        embedding BLOB NOT NULL                 -- little-endian float32, length 1
    );

    CREATE VIRTUAL TABLE entry_words USING fts5 (
        said_as, content='entry', content_rowid='number',
        tokenize='porter unicode61 remove_diacritics 2'
    );
    INSERT INTO entry_words (entry_words, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER entry_words_in AFTER INSERT ON entry BEGIN
        INSERT INTO entry_words (rowid, said_as) VALUES (new.number, new.said_as);
    END;
    CREATE TRIGGER entry_words_out AFTER DELETE ON entry BEGIN
        INSERT INTO entry_words (entry_words, rowid, said_as)
        VALUES ('delete', old.number, old.said_as);
    END;
    CREATE TRIGGER entry_words_change AFTER UPDATE OF said_as ON entry BEGIN
        INSERT INTO entry_words (entry_words, rowid, said_as)
        VALUES ('delete', old.number, old.said_as);
        INSERT INTO entry_words (rowid, said_as) VALUES (new.number, new.said_as);
    END;
    """,
)
"""Step n makes version n of version n - 1; a step that was shipped is never changed.

The vectors' index (`entry_index`, sqlite-vec) is no part of it: it depends on the embedder and
on an extension that may be missing, and is made of the rows whenever it is needed.
"""
