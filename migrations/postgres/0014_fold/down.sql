DO $$
DECLARE
    folding TEXT := coalesce((SELECT 'COLLATE "' || collname || '"' FROM pg_collation WHERE collname = 'und-x-icu' LIMIT 1), '');
BEGIN
    EXECUTE 'CREATE OR REPLACE FUNCTION fold(TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN '
        || 'replace(lower($1 ' || folding || '), ''ς'', ''σ'')';
END
$$;
