"""The people of an organisation, for its owners and admins: list, change, tokens, import."""
