-- So slow that an index of it is seen in the making, row by row.
CREATE FUNCTION slow_length (name TEXT) RETURNS INTEGER LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM pg_sleep (1);
    RETURN length (name);
END $$;
