-- When the own password, or a passkey, was last given in a session.
ALTER TABLE sessions ADD COLUMN confirmed_at TIMESTAMP NULL;

-- Why an account is locked, since when and by whom: the name as text, so that it survives whom it names.
CREATE TABLE account_locks (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    at TIMESTAMP NOT NULL,
    by_id BIGINT NULL,
    by_name TEXT NOT NULL
);

-- Who is active is not locked, whichever program made them so.
CREATE TRIGGER users_unlocked AFTER UPDATE OF is_active ON users WHEN NEW.is_active
BEGIN
    DELETE FROM account_locks WHERE user_id = NEW.id;
END;
