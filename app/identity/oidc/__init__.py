"""Sign-in through the organisation's own OpenID provider: authorization code with PKCE, state and nonce."""
