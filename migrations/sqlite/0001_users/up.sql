-- The application whose users these are writes here too: every column that it need not know has a default.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL UNIQUE
        CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(trim(email))),
    hashed_password TEXT NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE CHECK (is_active IN (0, 1)),
    last_login_at TIMESTAMP NULL
        CHECK (last_login_at IS strftime('%Y-%m-%d %H:%M:%S', last_login_at) || substr(last_login_at, 20)
            AND substr(last_login_at, 20) NOT GLOB '*[^.0-9]*' AND length(last_login_at) <> 20),
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (created_at IS strftime('%Y-%m-%d %H:%M:%S', created_at) || substr(created_at, 20)
            AND substr(created_at, 20) NOT GLOB '*[^.0-9]*' AND length(created_at) <> 20),
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (updated_at IS strftime('%Y-%m-%d %H:%M:%S', updated_at) || substr(updated_at, 20)
            AND substr(updated_at, 20) NOT GLOB '*[^.0-9]*' AND length(updated_at) <> 20)
);
CREATE INDEX users_by_is_active ON users (is_active, id);
CREATE INDEX users_by_created_at ON users (created_at, id);
CREATE INDEX users_by_is_active_email ON users (is_active, email, id);
CREATE INDEX users_by_is_active_created_at ON users (is_active, created_at, id);

-- A login is not a change of the record: it must not make an open form stale.
CREATE TRIGGER users_version AFTER UPDATE OF email, hashed_password, is_active ON users
WHEN NEW.version = OLD.version
    AND (NEW.email, NEW.hashed_password, NEW.is_active) IS NOT (OLD.email, OLD.hashed_password, OLD.is_active)
BEGIN
    UPDATE users SET version = OLD.version + 1,
        updated_at = iif(NEW.updated_at = OLD.updated_at, CURRENT_TIMESTAMP, NEW.updated_at)
    WHERE id = NEW.id;
END;

-- SQLite compares times as text, so each moment has one spelling: fractions of 0, 3 or 6 digits, as many as it takes.
CREATE TRIGGER users_times AFTER INSERT ON users
WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')
    OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')
BEGIN
    UPDATE users SET (created_at, updated_at) = (
        SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),
               updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))
        FROM (SELECT substr(NEW.created_at, 1, 19) AS created, substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,
                     substr(NEW.updated_at, 1, 19) AS updated, substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)
    ) WHERE id = NEW.id;
END;

CREATE TRIGGER users_times_changed AFTER UPDATE OF created_at, updated_at ON users
WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')
    OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')
BEGIN
    UPDATE users SET (created_at, updated_at) = (
        SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),
               updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))
        FROM (SELECT substr(NEW.created_at, 1, 19) AS created, substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,
                     substr(NEW.updated_at, 1, 19) AS updated, substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)
    ) WHERE id = NEW.id;
END;
