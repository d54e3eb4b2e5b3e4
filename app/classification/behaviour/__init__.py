"""Rules that look across the hits of one visitor: what one hit cannot tell, many within seconds can."""
