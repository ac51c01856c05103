"""Only pages of this server may talk to it: no other web page that is open in the same browser.

A page from elsewhere can open a web socket to 127.0.0.1, and can have its own
name point there. So the host that is asked for must be one of ours, and what
says from where it comes must come from there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class SameOrigin:
    """Refuse what does not come from a page of this server.

    Parameters
    ----------
    app
        The application to guard.
    hosts
        The names by which the server may be called; all where there are none.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self.is_ours(dict(scope["headers"])):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"This server answers its own pages only.\n"})

    def is_ours(self, headers: dict[bytes, bytes]) -> bool:
        """Return whether a request names this server and comes from one of its pages.

        Examples
        --------
        >>> guard = SameOrigin(None, ["127.0.0.1"])
        >>> guard.is_ours({b"host": b"127.0.0.1:8765"}), guard.is_ours({b"host": b"example.org"})
        (True, False)
        >>> guard.is_ours({b"host": b"127.0.0.1:8765", b"origin": b"https://example.org"})
        False
        """
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if self.hosts and (urlsplit(f"//{host}").hostname or "") not in self.hosts:
            return False
        return not origin or urlsplit(origin).netloc == host
