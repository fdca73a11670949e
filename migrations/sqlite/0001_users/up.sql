-- The application whose users these are writes here too: every column that it need not know has a default.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL UNIQUE
        CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(trim(email))),
    hashed_password TEXT NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE CHECK (is_active IN (0, 1)),
    last_login_at TIMESTAMP NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]*'),
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]*')
);
CREATE INDEX users_by_is_active ON users (is_active, id);
CREATE INDEX users_by_created_at ON users (created_at, id);

-- A login is not a change of the record: it must not make an open form stale.
CREATE TRIGGER users_version AFTER UPDATE OF email, hashed_password, is_active ON users
WHEN NEW.version = OLD.version
BEGIN
    UPDATE users SET version = OLD.version + 1, updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;

-- SQLite compares times as text, so each moment has one spelling: fractions of 0, 3 or 6 digits, never zeros.
CREATE TRIGGER users_times AFTER INSERT ON users
WHEN NEW.created_at GLOB '*.*000'
BEGIN
    UPDATE users SET created_at = CASE
        WHEN NEW.created_at GLOB '*.000*' THEN substr(NEW.created_at, 1, 19)
        ELSE substr(NEW.created_at, 1, 23) END
    WHERE id = NEW.id;
END;
