-- Goes through and takes the rows of a table with it.
DROP TABLE message;
