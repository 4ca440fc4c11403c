"""The sample desk: articles and what people did with them, as data, and the loader that replays both."""
