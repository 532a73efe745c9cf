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
    """
    CREATE TABLE viewer (
        number INTEGER PRIMARY KEY,
        user_id TEXT NOT NULL,
        scope INTEGER NOT NULL REFERENCES scope (number),
        name TEXT NOT NULL,
        first_seen INTEGER NOT NULL,            -- ms since 1970
        last_seen INTEGER NOT NULL,
        messages INTEGER NOT NULL DEFAULT 0,
        roles TEXT NOT NULL DEFAULT '',         -- with spaces between
        bits INTEGER NOT NULL DEFAULT 0,
        subs INTEGER NOT NULL DEFAULT 0,
        cheer TEXT NOT NULL DEFAULT '',         -- the last one: bits, what told it, when
        UNIQUE (user_id, scope)
    );
    CREATE INDEX viewer_name ON viewer (name COLLATE NOCASE);
    CREATE INDEX viewer_last_seen ON viewer (last_seen);

    CREATE TABLE viewer_alias (                 -- all names over time, the present one too
        viewer INTEGER NOT NULL REFERENCES viewer (number) ON DELETE CASCADE,
        name TEXT NOT NULL COLLATE NOCASE,
        since INTEGER NOT NULL,
        PRIMARY KEY (viewer, name)
    ) WITHOUT ROWID;
    CREATE INDEX viewer_alias_name ON viewer_alias (name);

    CREATE TABLE visit (                        -- the streams that a viewer came to
        viewer INTEGER NOT NULL REFERENCES viewer (number) ON DELETE CASCADE,
        stream TEXT NOT NULL,
        until INTEGER NOT NULL,                 -- when they were last seen in it
        PRIMARY KEY (viewer, stream)
    ) WITHOUT ROWID;

    CREATE TABLE fact (
        number INTEGER PRIMARY KEY,
        viewer INTEGER NOT NULL REFERENCES viewer (number) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,                  -- a newer fact of the same one replaces it
        predicate TEXT NOT NULL,                -- what follows the name
        message TEXT NOT NULL,                  -- where it is from
        confidence REAL NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER,                          -- when a plan is over
        valid_to INTEGER                        -- when a newer one replaced it
    );
    CREATE UNIQUE INDEX fact_valid ON fact (viewer, subject) WHERE valid_to IS NULL;
    CREATE INDEX fact_message ON fact (message);

    CREATE TABLE forgotten (                    -- who asked to be forgotten, without telling who
        hash BLOB PRIMARY KEY,                  -- of the user id, salted
        at INTEGER NOT NULL,                    -- nothing older comes back from a copy or an import
        opted_out INTEGER NOT NULL DEFAULT 0    -- 1: nothing is ever kept
    ) WITHOUT ROWID;
    INSERT INTO meta (key, value) VALUES ('salt', lower(hex(randomblob(32))));
    """,
)
"""Step n makes version n of version n - 1; a step that was shipped is never changed.

The vectors have no index in the file: it is made in memory (`nearest.py`) of the rows.
"""
