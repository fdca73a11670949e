DROP TABLE devices;
DROP TABLE login_throttles;
