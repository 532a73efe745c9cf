"""Who speaks when, and about what: one turn has the floor, others wait or never begin."""
