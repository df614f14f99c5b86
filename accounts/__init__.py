"""Who you are: the user model and the pages around it."""
