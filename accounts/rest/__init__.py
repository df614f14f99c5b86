"""What every part of the API shares: signing in, scopes, limits, pages, and errors as problem documents."""
