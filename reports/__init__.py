"""Everything a person, or another program, sees of a finished audit; never fetches, never judges."""
