"""Ways in for programs."""
