CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 10000),
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (created_at IS strftime('%Y-%m-%d %H:%M:%S', created_at) || substr(created_at, 20)
            AND substr(created_at, 20) NOT GLOB '*[^.0-9]*' AND length(created_at) <> 20),
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (updated_at IS strftime('%Y-%m-%d %H:%M:%S', updated_at) || substr(updated_at, 20)
            AND substr(updated_at, 20) NOT GLOB '*[^.0-9]*' AND length(updated_at) <> 20),
    -- What the list is sorted by: capitals do not come first.
    title_key TEXT NOT NULL GENERATED ALWAYS AS (lower(title)) VIRTUAL
);
CREATE INDEX items_by_title ON items (title_key, id);
CREATE INDEX items_by_created_at ON items (created_at, id);
CREATE INDEX items_by_updated_at ON items (updated_at, id);
CREATE INDEX items_by_owner_title ON items (owner_id, title_key, id);
CREATE INDEX items_by_owner_created_at ON items (owner_id, created_at, id);
CREATE INDEX items_by_owner_updated_at ON items (owner_id, updated_at, id);

CREATE TRIGGER items_version AFTER UPDATE OF owner_id, title, description ON items
WHEN NEW.version = OLD.version
    AND (NEW.owner_id, NEW.title, NEW.description) IS NOT (OLD.owner_id, OLD.title, OLD.description)
BEGIN
    UPDATE items SET version = OLD.version + 1,
        updated_at = iif(NEW.updated_at = OLD.updated_at, CURRENT_TIMESTAMP, NEW.updated_at)
    WHERE id = NEW.id;
END;

-- SQLite compares times as text, so each moment has one spelling: fractions of 0, 3 or 6 digits, as many as it takes.
CREATE TRIGGER items_times AFTER INSERT ON items
WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')
    OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')
BEGIN
    UPDATE items SET (created_at, updated_at) = (
        SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),
               updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))
        FROM (SELECT substr(NEW.created_at, 1, 19) AS created, substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,
                     substr(NEW.updated_at, 1, 19) AS updated, substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)
    ) WHERE id = NEW.id;
END;

CREATE TRIGGER items_times_changed AFTER UPDATE OF created_at, updated_at ON items
WHEN NEW.created_at GLOB '*.*' AND (length(NEW.created_at) NOT IN (23, 26) OR NEW.created_at GLOB '*000')
    OR NEW.updated_at GLOB '*.*' AND (length(NEW.updated_at) NOT IN (23, 26) OR NEW.updated_at GLOB '*000')
BEGIN
    UPDATE items SET (created_at, updated_at) = (
        SELECT created || iif(c = '000000', '', '.' || iif(c GLOB '*000', substr(c, 1, 3), c)),
               updated || iif(u = '000000', '', '.' || iif(u GLOB '*000', substr(u, 1, 3), u))
        FROM (SELECT substr(NEW.created_at, 1, 19) AS created, substr(substr(NEW.created_at, 21) || '000000', 1, 6) AS c,
                     substr(NEW.updated_at, 1, 19) AS updated, substr(substr(NEW.updated_at, 21) || '000000', 1, 6) AS u)
    ) WHERE id = NEW.id;
END;
