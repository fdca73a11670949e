CREATE TABLE roles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    is_builtin BOOLEAN NOT NULL DEFAULT FALSE CHECK (is_builtin IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (created_at IS strftime('%Y-%m-%d %H:%M:%S', created_at) || substr(created_at, 20)
            AND substr(created_at, 20) NOT GLOB '*[^.0-9]*' AND length(created_at) <> 20),
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (updated_at IS strftime('%Y-%m-%d %H:%M:%S', updated_at) || substr(updated_at, 20)
            AND substr(updated_at, 20) NOT GLOB '*[^.0-9]*' AND length(updated_at) <> 20),
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) VIRTUAL
);
CREATE INDEX roles_by_name ON roles (name_key, id);
CREATE INDEX roles_by_created_at ON roles (created_at, id);

CREATE TRIGGER roles_version AFTER UPDATE OF name, description, is_builtin ON roles
WHEN NEW.version = OLD.version
    AND (NEW.name, NEW.description, NEW.is_builtin) IS NOT (OLD.name, OLD.description, OLD.is_builtin)
BEGIN
    UPDATE roles SET version = OLD.version + 1,
        updated_at = iif(NEW.updated_at = OLD.updated_at, CURRENT_TIMESTAMP, NEW.updated_at)
    WHERE id = NEW.id;
END;

-- SQLite compares times as text, so each moment has one spelling: fractions of 0, 3 or 6 digits, as many as it takes.
CREATE TRIGGER roles_times AFTER INSERT ON roles
WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')
    OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')
BEGIN
    UPDATE roles SET (created_at, updated_at) = (
        SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),
               updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))
        FROM (SELECT substr(NEW.created_at, 1, 19) AS created, substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,
                     substr(NEW.updated_at, 1, 19) AS updated, substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)
    ) WHERE id = NEW.id;
END;

CREATE TRIGGER roles_times_changed AFTER UPDATE OF created_at, updated_at ON roles
WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')
    OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')
BEGIN
    UPDATE roles SET (created_at, updated_at) = (
        SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),
               updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))
        FROM (SELECT substr(NEW.created_at, 1, 19) AS created, substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,
                     substr(NEW.updated_at, 1, 19) AS updated, substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)
    ) WHERE id = NEW.id;
END;

CREATE TABLE user_roles (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id BIGINT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_by_role ON user_roles (role_id, user_id);

CREATE TABLE role_permissions (
    role_id BIGINT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission TEXT NOT NULL CHECK (length(permission) BETWEEN 1 AND 100),
    PRIMARY KEY (role_id, permission)
);

-- The built-in role holds every permission, those of later entities too, so none of them is listed.
INSERT INTO roles (name, description, is_builtin)
VALUES ('Administrator', 'Holds every permission. Built in.', TRUE);
