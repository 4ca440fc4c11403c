"""What a desk decides about itself: its people, keys, rules and scales."""
