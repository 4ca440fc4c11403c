"""Do the tests bite? Faults that somebody could make, written down, planted one by one, and noticed or not."""
