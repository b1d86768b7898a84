"""Who is it: links, sessions, limits."""
