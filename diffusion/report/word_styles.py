"""The styles of the Word document: pandoc's own reference document, with sizes and tables fit for a thesis.

Whoever wants others gives a reference document of their own; its styles have
the same names.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

_SIZES: Mapping[str, int] = {
    "Title": 40,
    "Heading1": 32,
    "Heading2": 26,
    "Heading3": 23,
    "Heading4": 22,
    "Compact": 18,
    "BodyText": 22,
    "Bibliography": 20,
    "TableCaption": 20,
    "ImageCaption": 20,
}
"""Sizes by style, in half points."""

_FONT = "Calibri"

_RULE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="404040"/>'

_TABLE_STYLE = (
    '<w:style w:type="table" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
    f"{_RULE.format('top', 8)}{_RULE.format('bottom', 8)}{_RULE.format('insideH', 2)}"
    '</w:tblBorders><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    '</w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
    f"{_RULE.format('bottom', 8)}</w:tcBorders>"
    '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
)

_NOTE_STYLE = (
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableNote"><w:name w:val="Table Note"/>'
    '<w:basedOn w:val="BodyText"/><w:qFormat/><w:pPr><w:spacing w:before="60" w:after="240"/></w:pPr>'
    '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>'
)

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

_FOOTER = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<w:ftr {_NAMESPACES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)

_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rIdPageNumber"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1300" w:right="1300" w:bottom="1300" w:left="1300" w:header="700" w:footer="700" w:gutter="0"/>'
    "</w:sectPr>"
)

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_reference(default: bytes, path: Path) -> None:
    """Write the reference document.

    Parameters
    ----------
    default
        Pandoc's own reference document.
    path
        Where it goes.
    """
    with zipfile.ZipFile(io.BytesIO(default)) as given:
        parts = {name: given.read(name).decode("utf-8") for name in given.namelist()}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/document.xml"] = _with_page(parts["word/document.xml"])
    parts["word/footer1.xml"] = _FOOTER
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
    relation = f'<Relationship Id="rIdPageNumber" Type="{kind}" Target="footer1.xml"/>'
    links = "word/_rels/document.xml.rels"
    parts[links] = parts[links].replace("</Relationships>", f"{relation}</Relationships>")
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    part = f'<Override PartName="/word/footer1.xml" ContentType="{content}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", part)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(zipfile.ZipInfo(name, _EARLIEST), text)


def _with_page(document: str) -> str:
    """Return the document with a page of A4 and page numbers."""
    without = re.sub(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr\s*/>", "", document, flags=re.DOTALL)
    declared = without
    if "xmlns:r=" not in without:
        declared = without.replace("<w:document ", f"<w:document {_NAMESPACES.split(' ')[1]} ", 1)
    return declared.replace("</w:body>", f"{_SECTION}</w:body>")


def _styles(styles: str) -> str:
    styles = _with_fonts(styles)
    styles = _sized(styles, "VerbatimChar", None)
    for name, size in _SIZES.items():
        styles = _sized(styles, name, size)
    styles = re.sub(
        r'<w:style w:type="table"[^>]*w:styleId="Table">.*?</w:style>', lambda _: _TABLE_STYLE, styles, flags=re.DOTALL
    )
    return styles.replace("</w:styles>", f"{_NOTE_STYLE}</w:styles>")


def _with_fonts(styles: str) -> str:
    """Return the styles with fonts that every office program has or knows how to replace."""
    fonts = f'<w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}"/>'
    return re.sub(r"<w:rFonts\s+w:asciiTheme=[^>]*/>", fonts, styles)


def _sized(styles: str, name: str, size: int | None) -> str:
    """Return the styles with one in another size; None for the size of the text around it."""
    pattern = re.compile(rf'(<w:style [^>]*w:styleId="{name}">)(.*?)(</w:style>)', re.DOTALL)
    sizes = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""

    def changed(found: re.Match[str]) -> str:
        inside = re.sub(r"<w:sz(Cs)? w:val=\"\d+\"\s*/>", "", found[2])
        if "</w:rPr>" in inside:
            return found[1] + inside.replace("</w:rPr>", f"{sizes}</w:rPr>", 1) + found[3]
        inside = re.sub(r"<w:rPr\s*/>", "", inside)
        return f"{found[1]}{inside}<w:rPr>{sizes}</w:rPr>{found[3]}"

    return pattern.sub(changed, styles, count=1)
