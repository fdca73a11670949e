DROP TRIGGER users_sorted ON users;
DROP FUNCTION sort_user();
DROP TRIGGER user_roles_sorted ON user_roles;
DROP FUNCTION sort_user_role();
DROP TABLE sorted_user_roles;
DROP INDEX roles_search;
DROP INDEX items_search;
DROP INDEX users_search;
-- Somebody else may use the extension, or own it.
DO $$
BEGIN
    DROP EXTENSION IF EXISTS pg_trgm;
EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
    NULL;
END
$$;
