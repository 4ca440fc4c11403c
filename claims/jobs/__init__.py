"""Jobs: rows in the database that are the work, and the ways to run them."""
