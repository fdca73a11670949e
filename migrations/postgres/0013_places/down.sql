DROP INDEX audit_entries_by_record_id;
DROP INDEX audit_entries_by_record;
CREATE INDEX audit_entries_by_record ON audit_entries (entity, record_id, at, id);
