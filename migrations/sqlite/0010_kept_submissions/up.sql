-- Whom a session's key was given to, for a while after the session has ended: what comes with it then is that person's.
CREATE TABLE session_holders (
    key_hash TEXT PRIMARY KEY NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX session_holders_by_user ON session_holders (user_id);
CREATE INDEX session_holders_by_created_at ON session_holders (created_at);
INSERT INTO session_holders (key_hash, user_id, created_at) SELECT key_hash, user_id, created_at FROM sessions;

-- Forms that came when their session had ended. The key to them is in the browser only; here is its SHA-256.
CREATE TABLE kept_submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    token_hash TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ciphertext TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX kept_submissions_by_user ON kept_submissions (user_id, id);
CREATE INDEX kept_submissions_by_expires_at ON kept_submissions (expires_at);

-- Forms that were taken, each with where its answer led: sent again, they get the same answer.
CREATE TABLE done_requests (
    key_hash TEXT PRIMARY KEY NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    location TEXT NOT NULL,
    notice TEXT NOT NULL,
    done_at TIMESTAMP NOT NULL
);
CREATE INDEX done_requests_by_user ON done_requests (user_id);
CREATE INDEX done_requests_by_done_at ON done_requests (done_at);
