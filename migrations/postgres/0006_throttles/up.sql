-- Tries that failed, counted for an account (the SHA-256 of an address, whether somebody has it or not), for a browser that
-- is known, for an address of the network. The next try waits until held_until.
CREATE TABLE login_throttles (
    key TEXT COLLATE "C" PRIMARY KEY,
    user_id BIGINT NULL REFERENCES users (id) ON DELETE CASCADE,
    failures BIGINT NOT NULL,
    held_until TIMESTAMP NOT NULL,
    last_failed_at TIMESTAMP NOT NULL,
    is_on_record BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX login_throttles_by_user ON login_throttles (user_id);
CREATE INDEX login_throttles_by_held_until ON login_throttles (held_until);
CREATE INDEX login_throttles_by_last_failed_at ON login_throttles (last_failed_at);

-- Browsers in which somebody has logged in. The cookie holds the key; only its SHA-256 is here.
CREATE TABLE devices (
    token_hash TEXT COLLATE "C" PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL
);
CREATE INDEX devices_by_user ON devices (user_id, last_seen_at);
CREATE INDEX devices_by_last_seen_at ON devices (last_seen_at);
