DROP TRIGGER roles_version;
CREATE TRIGGER roles_version AFTER UPDATE OF name, description, is_builtin ON roles
WHEN NEW.version = OLD.version
    AND (NEW.name, NEW.description, NEW.is_builtin) IS NOT (OLD.name, OLD.description, OLD.is_builtin)
BEGIN
    UPDATE roles SET version = OLD.version + 1,
        updated_at = iif(NEW.updated_at = OLD.updated_at, CURRENT_TIMESTAMP, NEW.updated_at)
    WHERE id = NEW.id;
END;

ALTER TABLE roles DROP COLUMN requires_second_factor;
ALTER TABLE sessions DROP COLUMN owes_factor;
DROP TABLE passkey_challenges;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE totp_secrets;
