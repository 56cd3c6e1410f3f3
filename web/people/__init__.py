"""Who works here: signing in, sessions, rights, the audit log."""
