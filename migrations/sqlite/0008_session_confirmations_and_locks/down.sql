DROP TRIGGER users_unlocked;
DROP TABLE account_locks;
ALTER TABLE sessions DROP COLUMN confirmed_at;
