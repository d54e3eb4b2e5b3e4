"""What stops a start: the message is printed as it stands, without a stack trace."""


class StartError(Exception):
    """`heliograph up` cannot go on; the message says why and what to do."""


class AlreadyRunningError(StartError):
    """Another `heliograph up` owns the data directory."""


class PortTakenError(StartError):
    """Something else listens where we have to."""
