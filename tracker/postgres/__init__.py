"""A database backend: Django's own for PostgreSQL, which starts the embedded server when it is first needed."""
