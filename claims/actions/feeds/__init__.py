"""Feeds: addresses a desk asks again and again, and what their answers become."""
