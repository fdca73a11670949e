-- An index on a column and the id leads straight to a place in a list here; SQLite's are changed by this migration.
-- A record's number alone is asked for too.
DROP INDEX audit_entries_by_record;
CREATE INDEX audit_entries_by_record ON audit_entries (record_id, entity, at, id);
CREATE INDEX audit_entries_by_record_id ON audit_entries (record_id, at, id);
