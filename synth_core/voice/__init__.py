"""Brand voice: approved lines, variations of them, gates, review, export."""
