DROP TABLE users;
DROP FUNCTION raise_version();
DROP FUNCTION fold(TEXT);
