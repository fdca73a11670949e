-- A search looks for a text anywhere in a column; an index of trigrams leads to it. The extension comes with PostgreSQL
-- (Debian has it in the server's own package) and since PostgreSQL 13 whoever may create in the database may create it.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
    RAISE EXCEPTION 'the search needs the extension pg_trgm, which could not be created: %', SQLERRM
        USING HINT = 'Let a superuser run CREATE EXTENSION pg_trgm in this database, then start again.';
END
$$;

-- What was written last waits in a list that every search reads through: it is kept short.
CREATE INDEX users_search ON users USING gin (fold(email) gin_trgm_ops) WITH (gin_pending_list_limit = 256);
CREATE INDEX items_search ON items USING gin (fold(title) gin_trgm_ops, fold(description) gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX roles_search ON roles USING gin (fold(name) gin_trgm_ops, fold(description) gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);

-- The users of a role in each order of the list: no index can hold columns of two tables, so both are here, kept alike by
-- triggers, whoever writes.
CREATE TABLE sorted_user_roles (
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, role_id)
);
INSERT INTO sorted_user_roles
SELECT user_roles.user_id, user_roles.role_id, users.email, users.is_active, users.created_at
FROM user_roles JOIN users ON users.id = user_roles.user_id;
CREATE INDEX sorted_user_roles_by_email ON sorted_user_roles (role_id, email, user_id);
CREATE INDEX sorted_user_roles_by_is_active ON sorted_user_roles (role_id, is_active, user_id);
CREATE INDEX sorted_user_roles_by_created_at ON sorted_user_roles (role_id, created_at, user_id);

-- The lock makes a change of the user that runs at the same time wait, and then find this row too.
CREATE FUNCTION sort_user_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM sorted_user_roles WHERE user_id = OLD.user_id AND role_id = OLD.role_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO sorted_user_roles
        SELECT NEW.user_id, NEW.role_id, email, is_active, created_at FROM users WHERE id = NEW.user_id FOR SHARE;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_roles_sorted AFTER INSERT OR UPDATE OR DELETE ON user_roles
FOR EACH ROW EXECUTE FUNCTION sort_user_role();

CREATE FUNCTION sort_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sorted_user_roles SET email = NEW.email, is_active = NEW.is_active, created_at = NEW.created_at
    WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_sorted AFTER UPDATE OF email, is_active, created_at ON users
FOR EACH ROW WHEN ((NEW.email, NEW.is_active, NEW.created_at) IS DISTINCT FROM (OLD.email, OLD.is_active, OLD.created_at))
EXECUTE FUNCTION sort_user();
