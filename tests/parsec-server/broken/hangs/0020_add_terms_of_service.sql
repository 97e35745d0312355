CREATE TABLE terms_of_service (
    _id SERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    locale VARCHAR(16) NOT NULL,
    url TEXT NOT NULL
);
