"""What readers write to a desk: taken in from strangers, and what people of the desk make of it."""
