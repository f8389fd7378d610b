"""A second decoder of .prnn files, written from docs/FORMAT.md and docs/format alone. See docs/REFERENCE.md."""
