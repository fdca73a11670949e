CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 10000),
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]*'),
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]*'),
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
BEGIN
    UPDATE items SET version = OLD.version + 1, updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;

CREATE TRIGGER items_times AFTER INSERT ON items
WHEN NEW.created_at GLOB '*.*000' OR NEW.updated_at GLOB '*.*000'
BEGIN
    UPDATE items SET
        created_at = CASE
            WHEN NEW.created_at GLOB '*.000*' THEN substr(NEW.created_at, 1, 19)
            WHEN NEW.created_at GLOB '*.*000' THEN substr(NEW.created_at, 1, 23)
            ELSE NEW.created_at END,
        updated_at = CASE
            WHEN NEW.updated_at GLOB '*.000*' THEN substr(NEW.updated_at, 1, 19)
            WHEN NEW.updated_at GLOB '*.*000' THEN substr(NEW.updated_at, 1, 23)
            ELSE NEW.updated_at END
    WHERE id = NEW.id;
END;
