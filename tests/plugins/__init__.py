"""How the suite is run: how deep, in which order, at which cost."""
