-- A search looks for a text anywhere in a column; SQLite's index of trigrams leads to the rows that may have it. It holds no
-- text of its own, no places in it and no lengths: the rows are looked at in any case. Its pages are small, since to find one id
-- in a list a page is read up to it. It is filled in the order of the ids, which is quickest for it, and then put together.
CREATE VIRTUAL TABLE users_search USING fts5(email, content='users', content_rowid='id', tokenize='trigram', detail='none', columnsize=0);
INSERT INTO users_search (users_search, rank) VALUES ('pgsz', 1000);
CREATE TRIGGER users_search_new AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, email) VALUES (NEW.id, NEW.email);
END;
CREATE TRIGGER users_search_changed AFTER UPDATE OF email ON users WHEN NEW.email IS NOT OLD.email BEGIN
    INSERT INTO users_search (users_search, rowid, email) VALUES ('delete', OLD.id, OLD.email);
    INSERT INTO users_search (rowid, email) VALUES (NEW.id, NEW.email);
END;
CREATE TRIGGER users_search_gone AFTER DELETE ON users BEGIN
    INSERT INTO users_search (users_search, rowid, email) VALUES ('delete', OLD.id, OLD.email);
END;
INSERT INTO users_search (rowid, email) SELECT id, email FROM users ORDER BY id;
INSERT INTO users_search (users_search) VALUES ('optimize');

CREATE VIRTUAL TABLE items_search USING fts5(title, description, content='items', content_rowid='id', tokenize='trigram', detail='none', columnsize=0);
INSERT INTO items_search (items_search, rank) VALUES ('pgsz', 1000);
CREATE TRIGGER items_search_new AFTER INSERT ON items BEGIN
    INSERT INTO items_search (rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END;
CREATE TRIGGER items_search_changed AFTER UPDATE OF title, description ON items WHEN (NEW.title, NEW.description) IS NOT (OLD.title, OLD.description) BEGIN
    INSERT INTO items_search (items_search, rowid, title, description) VALUES ('delete', OLD.id, OLD.title, OLD.description);
    INSERT INTO items_search (rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END;
CREATE TRIGGER items_search_gone AFTER DELETE ON items BEGIN
    INSERT INTO items_search (items_search, rowid, title, description) VALUES ('delete', OLD.id, OLD.title, OLD.description);
END;
INSERT INTO items_search (rowid, title, description) SELECT id, title, description FROM items ORDER BY id;
INSERT INTO items_search (items_search) VALUES ('optimize');

CREATE VIRTUAL TABLE roles_search USING fts5(name, description, content='roles', content_rowid='id', tokenize='trigram', detail='none', columnsize=0);
INSERT INTO roles_search (roles_search, rank) VALUES ('pgsz', 1000);
CREATE TRIGGER roles_search_new AFTER INSERT ON roles BEGIN
    INSERT INTO roles_search (rowid, name, description) VALUES (NEW.id, NEW.name, NEW.description);
END;
CREATE TRIGGER roles_search_changed AFTER UPDATE OF name, description ON roles WHEN (NEW.name, NEW.description) IS NOT (OLD.name, OLD.description) BEGIN
    INSERT INTO roles_search (roles_search, rowid, name, description) VALUES ('delete', OLD.id, OLD.name, OLD.description);
    INSERT INTO roles_search (rowid, name, description) VALUES (NEW.id, NEW.name, NEW.description);
END;
CREATE TRIGGER roles_search_gone AFTER DELETE ON roles BEGIN
    INSERT INTO roles_search (roles_search, rowid, name, description) VALUES ('delete', OLD.id, OLD.name, OLD.description);
END;
INSERT INTO roles_search (rowid, name, description) SELECT id, name, description FROM roles ORDER BY id;
INSERT INTO roles_search (roles_search) VALUES ('optimize');

-- The users of a role in each order of the list: no index can hold columns of two tables, so both are here, kept alike by
-- triggers, whoever writes.
CREATE TABLE sorted_user_roles (
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, role_id)
) WITHOUT ROWID;
INSERT INTO sorted_user_roles
SELECT user_roles.user_id, user_roles.role_id, users.email, users.is_active, users.created_at
FROM user_roles JOIN users ON users.id = user_roles.user_id;
CREATE INDEX sorted_user_roles_by_email ON sorted_user_roles (role_id, email, user_id);
CREATE INDEX sorted_user_roles_by_is_active ON sorted_user_roles (role_id, is_active, user_id);
CREATE INDEX sorted_user_roles_by_created_at ON sorted_user_roles (role_id, created_at, user_id);

CREATE TRIGGER user_roles_sorted_new AFTER INSERT ON user_roles BEGIN
    INSERT INTO sorted_user_roles
    SELECT NEW.user_id, NEW.role_id, email, is_active, created_at FROM users WHERE id = NEW.user_id;
END;
CREATE TRIGGER user_roles_sorted_changed AFTER UPDATE ON user_roles BEGIN
    DELETE FROM sorted_user_roles WHERE user_id = OLD.user_id AND role_id = OLD.role_id;
    INSERT INTO sorted_user_roles
    SELECT NEW.user_id, NEW.role_id, email, is_active, created_at FROM users WHERE id = NEW.user_id;
END;
CREATE TRIGGER user_roles_sorted_gone AFTER DELETE ON user_roles BEGIN
    DELETE FROM sorted_user_roles WHERE user_id = OLD.user_id AND role_id = OLD.role_id;
END;
-- What is stored is read again: another trigger may have spelled the time anew meanwhile.
CREATE TRIGGER users_sorted AFTER UPDATE OF email, is_active, created_at ON users
WHEN (NEW.email, NEW.is_active, NEW.created_at) IS NOT (OLD.email, OLD.is_active, OLD.created_at)
BEGIN
    UPDATE sorted_user_roles SET (email, is_active, created_at) =
        (SELECT email, is_active, created_at FROM users WHERE users.id = NEW.id)
    WHERE user_id = NEW.id;
END;

-- The table of what is known of the sizes of tables comes with the first look at them.
ANALYZE;
