"""The lists for programs: JSON under /api/v1/, by the filters and columns of the resources."""
