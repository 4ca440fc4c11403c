"""What people of a desk say to each other about their work."""
