DROP TRIGGER users_unlocked ON users;
DROP FUNCTION end_lock;
DROP TABLE account_locks;
ALTER TABLE sessions DROP COLUMN confirmed_at;
