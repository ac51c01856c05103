"""What a file is that is called a workbook: told before it is opened, for many are something else."""

from __future__ import annotations

import zipfile
from pathlib import Path

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.archives import check_members
from diffusion.network.formats.problems import Problems

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_TYPES = "[Content_Types].xml"
_WORKBOOK = "xl/workbook.xml"
_STRICT = b"http://purl.oclc.org/ooxml/"
_OPEN_DOCUMENT = "content.xml"
_SAVE = "save it as .xlsx or as CSV"


def archive_of(path: Path, problems: Problems) -> bool:
    """Tell whether a file is a workbook that may be opened, having noted what it is otherwise.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    found = len(problems.found)
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(path, archive.infolist(), problems)
            if len(problems.found) == found and (said := _what_archive(archive)):
                problems.add(path, None, said)
    except FileNotFoundError:
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        problems.add(path, None, f"no such file{nearest_name_hint(path.name, siblings)}")
    except IsADirectoryError:
        problems.add(path, None, "this is a folder, not a workbook")
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror}")
    except Exception:  # noqa: BLE001 - a damaged archive fails in many ways
        problems.add(path, None, _what_else(path))
    return len(problems.found) == found


def _what_archive(archive: zipfile.ZipFile) -> str:
    """Return what is wrong with a zip archive as a workbook, or an empty text."""
    names = {name.casefold() for name in archive.namelist()}
    if "xl/workbook.bin" in names:
        return f"this is a binary workbook (.xlsb); {_SAVE}"
    if _OPEN_DOCUMENT in names:
        return f"this is an OpenDocument spreadsheet (.ods); {_SAVE}"
    if _TYPES.casefold() not in names or not any(name.startswith("xl/") for name in names):
        return f"this is a zip archive, but no workbook is in it; {_SAVE}"
    if _WORKBOOK in archive.namelist() and _STRICT in archive.read(_WORKBOOK)[:10_000]:
        return 'this is a "Strict Open XML" workbook; save it as "Excel Workbook (.xlsx)"'
    return ""


def _what_else(path: Path) -> str:
    """Return what a file is that is no zip archive."""
    content = path.read_bytes()
    if not content:
        return "the file is empty"
    if content.startswith(_OLD):
        if _LOCKED in content:
            return "the workbook is locked by a password; save it without one"
        return f"this is a workbook of before 2007 (.xls) under another name; {_SAVE}"
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return f"this is a web page or XML under the name of a workbook; open it in a spreadsheet and {_SAVE}"
    return "this is no .xlsx workbook, or it is damaged; save it anew as .xlsx or as CSV"
