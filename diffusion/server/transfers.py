"""Files on their way from a browser, piece by piece, and never more of them than was agreed."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from diffusion.errors import InputError
from diffusion.server.uploads import check_sizes


class Transfers:
    """Put together the pieces of one transfer at a time; a new one takes the place of the last."""

    def __init__(self) -> None:
        self._name = ""
        self._files: list[tuple[str, int, bytearray]] = []

    def begin(self, said: Mapping[str, Any]) -> None:
        """Agree to a transfer.

        Parameters
        ----------
        said
            ``transfer``, its name, and ``files``, each with ``name`` and ``size``.

        Raises
        ------
        InputError
            If it is too large, or two files have one name.
        """
        self._name, self._files = "", []
        files = [(str(file["name"]), int(file["size"])) for file in said["files"]]
        sizes = dict(files)
        if len(sizes) < len(files):
            raise InputError("two files of one name were chosen; send one of them")
        check_sizes(sizes)
        self._name = str(said["transfer"])
        self._files = [(name, size, bytearray()) for name, size in files]

    def piece(self, said: Mapping[str, Any]) -> None:
        """Take a piece; one of a transfer that was not agreed to, or is over, is let go.

        Parameters
        ----------
        said
            ``transfer``, ``place`` (which file) and ``content`` in base64.

        Raises
        ------
        InputError
            If the piece is more than was agreed, or was damaged.
        """
        if not self._name or said["transfer"] != self._name:
            return
        name, size, content = self._files[int(said["place"])]
        try:
            content += b64decode(said["content"], validate=True)
        except binascii.Error:
            self._name = ""
            raise InputError(f"{name}: a piece of the file was damaged on its way; send it again") from None
        if len(content) > size:
            self._name = ""
            raise InputError(f"{name}: the file is larger than {size:,} bytes, as it was announced; send it again")

    def end(self, said: Mapping[str, Any]) -> dict[str, bytes] | None:
        """Return the files by name once all are there; nothing where the transfer was not agreed to.

        Parameters
        ----------
        said
            ``transfer``, its name.

        Raises
        ------
        InputError
            If something is missing.
        """
        if not self._name or said["transfer"] != self._name:
            return None
        self._name = ""
        for name, size, content in self._files:
            if len(content) < size:
                raise InputError(f"{name}: only {len(content):,} of {size:,} bytes arrived; send it again")
        return {name: bytes(content) for name, _, content in self._files}
