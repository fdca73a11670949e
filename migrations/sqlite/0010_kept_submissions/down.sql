DROP TABLE done_requests;
DROP TABLE kept_submissions;
DROP TABLE session_holders;
