"""One connected client: a bounded queue of encoded events."""

import asyncio
from collections import deque


class Client:
    """Holds what one client has not been sent yet. Bytes are shared between clients, never copied.

    A client that is too slow loses its queue and is marked `is_behind`: it will be told to resync.
    """

    def __init__(self, queue_size: int) -> None:
        self._queue: deque[bytes] = deque()
        self._size = queue_size
        self._ready = asyncio.Event()
        self.seen: object = None
        """Identity of the newest answer that was queued; None if it is not known what the client has."""
        self.is_behind = False
        self.is_ended = False

    def offer(self, message: bytes) -> bool:
        """Queue a message without waiting; return False if the client just fell behind."""
        if self.is_behind:
            return True
        is_full = len(self._queue) >= self._size
        if is_full:
            self._queue.clear()
            self.is_behind = True
        else:
            self._queue.append(message)
        self._ready.set()
        return not is_full

    @property
    def has_more(self) -> bool:
        """Tell whether anything is still queued."""
        return bool(self._queue)

    def end(self) -> None:
        """Let the stream end after what is queued."""
        self.is_ended = True
        self._ready.set()

    def forget(self) -> None:
        """Drop what is queued: a snapshot that holds it all is about to be sent."""
        self._queue.clear()
        self.is_behind = False
        if not self.is_ended:
            self._ready.clear()

    async def wait(self, seconds: float) -> bytes | None:
        """Return all that is queued as one piece; empty if the client is behind or ended, None after the wait."""
        try:
            async with asyncio.timeout(seconds):
                await self._ready.wait()
        except TimeoutError:
            return None
        messages = b"".join(self._queue)
        self._queue.clear()
        if not self.is_ended:
            self._ready.clear()
        return messages
