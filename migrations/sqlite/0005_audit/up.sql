-- What happened, who did it, and to which record: names as text, so that they survive whom they name.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at TIMESTAMP NOT NULL,
    change_set TEXT NOT NULL,
    actor_id BIGINT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    record_id BIGINT NULL,
    record TEXT NOT NULL,
    changes TEXT NOT NULL,
    whole TEXT NOT NULL,
    reason TEXT NOT NULL,
    address TEXT NOT NULL,
    session_id BIGINT NULL,
    request_id TEXT NOT NULL,
    chain BIGINT NOT NULL,
    position BIGINT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (chain, position)
);
CREATE INDEX audit_entries_by_at ON audit_entries (at, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, at, id);
CREATE INDEX audit_entries_by_record ON audit_entries (entity, record_id, at, id);
CREATE INDEX audit_entries_by_entity ON audit_entries (entity, at, id);
CREATE INDEX audit_entries_by_action ON audit_entries (action, at, id);
CREATE INDEX audit_entries_by_address ON audit_entries (address, at, id);
CREATE INDEX audit_entries_by_change_set ON audit_entries (change_set, at, id);

-- The last entry of each chain. There are many chains, so that writers need not wait for each other.
CREATE TABLE audit_chains (
    chain BIGINT PRIMARY KEY NOT NULL,
    position BIGINT NOT NULL,
    hash TEXT NOT NULL
);
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 64)
INSERT INTO audit_chains SELECT n, 0, '' FROM numbers;
