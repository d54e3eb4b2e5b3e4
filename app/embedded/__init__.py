"""The launcher and the services it brings along; nobody else knows they are embedded."""
