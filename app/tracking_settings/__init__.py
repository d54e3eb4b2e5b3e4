"""What an organisation decides about tracking (SPEC H13): reading it, changing it, and who did."""
