"""The work through the API: what the studio does for people, these routes do for programs."""
