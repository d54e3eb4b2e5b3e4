"""The events: one class per type, the frame that carries them, and the topics they travel on."""
