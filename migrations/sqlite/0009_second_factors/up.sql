-- Secrets of authenticator apps, encrypted with a key that is not in this database (QUARTERDECK_SECRET).
CREATE TABLE totp_secrets (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    ciphertext TEXT NOT NULL,
    -- None until a first code has shown that the app has the secret.
    confirmed_at TIMESTAMP NULL,
    -- The step of the newest code that was taken: each is taken once.
    last_step BIGINT NOT NULL DEFAULT 0,
    -- How often a code was tried in which step, whatever came of it.
    created_at TIMESTAMP NOT NULL
);

-- Only the SHA-256 of each code is here.
CREATE TABLE recovery_codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    used_at TIMESTAMP NULL,
    UNIQUE (user_id, code_hash)
);

-- Public keys; the private ones never leave their devices. A credential belongs to one user.
CREATE TABLE passkeys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    credential TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NULL
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, id);

-- What a browser was asked to sign, until it answers, once. The browser's cookie holds the token; its SHA-256 is here.
CREATE TABLE passkey_challenges (
    token_hash TEXT PRIMARY KEY NOT NULL,
    -- None before a login: who asks is not known yet.
    user_id BIGINT NULL REFERENCES users (id) ON DELETE CASCADE,
    ceremony TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX passkey_challenges_by_expires_at ON passkey_challenges (expires_at);

-- The password was right, and nothing else is known yet: such a session opens one door only.
ALTER TABLE sessions ADD COLUMN owes_factor BOOLEAN NOT NULL DEFAULT FALSE CHECK (owes_factor IN (0, 1));

ALTER TABLE roles ADD COLUMN requires_second_factor BOOLEAN NOT NULL DEFAULT FALSE CHECK (requires_second_factor IN (0, 1));

DROP TRIGGER roles_version;
CREATE TRIGGER roles_version AFTER UPDATE OF name, description, is_builtin, requires_second_factor ON roles
WHEN NEW.version = OLD.version
    AND (NEW.name, NEW.description, NEW.is_builtin, NEW.requires_second_factor)
        IS NOT (OLD.name, OLD.description, OLD.is_builtin, OLD.requires_second_factor)
BEGIN
    UPDATE roles SET version = OLD.version + 1,
        updated_at = iif(NEW.updated_at = OLD.updated_at, CURRENT_TIMESTAMP, NEW.updated_at)
    WHERE id = NEW.id;
END;
