-- A list goes on from a place by `(column, id) < (?, ?)`. SQLite ends each index with the rowid, which the id is; but where an
-- index names it too, the comparison is looked up by the column alone, and all rows that are equal there are walked over.
DROP INDEX users_by_is_active;
DROP INDEX users_by_created_at;
DROP INDEX users_by_is_active_email;
DROP INDEX users_by_is_active_created_at;
DROP INDEX items_by_title;
DROP INDEX items_by_created_at;
DROP INDEX items_by_updated_at;
DROP INDEX items_by_owner_title;
DROP INDEX items_by_owner_created_at;
DROP INDEX items_by_owner_updated_at;
DROP INDEX roles_by_name;
DROP INDEX roles_by_created_at;
DROP INDEX audit_entries_by_at;
DROP INDEX audit_entries_by_actor;
DROP INDEX audit_entries_by_record;
DROP INDEX audit_entries_by_entity;
DROP INDEX audit_entries_by_action;
DROP INDEX audit_entries_by_address;
DROP INDEX audit_entries_by_change_set;
CREATE INDEX users_by_is_active ON users (is_active);
CREATE INDEX users_by_created_at ON users (created_at);
CREATE INDEX users_by_is_active_email ON users (is_active, email);
CREATE INDEX users_by_is_active_created_at ON users (is_active, created_at);
CREATE INDEX items_by_title ON items (title_key);
CREATE INDEX items_by_created_at ON items (created_at);
CREATE INDEX items_by_updated_at ON items (updated_at);
CREATE INDEX items_by_owner_title ON items (owner_id, title_key);
CREATE INDEX items_by_owner_created_at ON items (owner_id, created_at);
CREATE INDEX items_by_owner_updated_at ON items (owner_id, updated_at);
CREATE INDEX roles_by_name ON roles (name_key);
CREATE INDEX roles_by_created_at ON roles (created_at);
CREATE INDEX audit_entries_by_at ON audit_entries (at);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, at);
CREATE INDEX audit_entries_by_entity ON audit_entries (entity, at);
CREATE INDEX audit_entries_by_action ON audit_entries (action, at);
CREATE INDEX audit_entries_by_address ON audit_entries (address, at);
CREATE INDEX audit_entries_by_change_set ON audit_entries (change_set, at);

-- A number alone is asked for too. No index begins with a column that only some of these begin with: SQLite would skip through it.
CREATE INDEX audit_entries_by_record ON audit_entries (record_id, entity, at);
CREATE INDEX audit_entries_by_record_id ON audit_entries (record_id, at);

-- What was known of the sizes of indexes went with them. What is known of a small table would be believed when it has grown.
ANALYZE;
DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < 1000;
