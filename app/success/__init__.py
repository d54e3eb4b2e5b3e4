"""The customer's success metrics (SPEC H20), measured: who looks, what is recorded, how fast, who tracks."""
