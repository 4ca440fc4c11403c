"""The backup of an installation as one file: what lies in it, and how it is told from a damaged one. Pure."""
