"""The widget "My engagement" on pages of others: one answer with everything it shows, to a key of scope `widget`."""
