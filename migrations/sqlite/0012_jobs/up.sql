-- Bulk actions: each is one row, which says what is to be done, how far it is, and who does it now.
-- A job outlives whoever started it, so it points to nobody.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    -- SHA-256 of the signed selection: one preview starts one job.
    key_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    who TEXT NOT NULL,
    entity TEXT NOT NULL,
    action TEXT NOT NULL,
    -- What was chosen for the action, like the number of a role; empty for nothing.
    value TEXT NOT NULL,
    -- The same in words.
    title TEXT NOT NULL,
    -- Which records, in JSON.
    selection TEXT NOT NULL,
    total BIGINT NOT NULL,
    -- All up to this record have had their turn.
    place BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    -- The first refusals, in JSON.
    refusals TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'stopped')),
    -- Why it ended before its end.
    reason TEXT NOT NULL DEFAULT '',
    is_confirmed BOOLEAN NOT NULL CHECK (is_confirmed IN (0, 1)),
    wants_to_end BOOLEAN NOT NULL DEFAULT FALSE CHECK (wants_to_end IN (0, 1)),
    change_set TEXT NOT NULL,
    session_id BIGINT NULL,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    -- Which process does it, and until when nobody else may.
    worker TEXT NOT NULL DEFAULT '',
    leased_until TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP NULL
);
CREATE INDEX jobs_by_user ON jobs (user_id, id);
CREATE INDEX jobs_by_ended_at ON jobs (ended_at, id);
