"""The rows of a list as files: streams of rows, no page."""
