ALTER TABLE roles DROP COLUMN requires_second_factor;
ALTER TABLE sessions DROP COLUMN owes_factor;
DROP TABLE passkey_challenges;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE totp_secrets;
