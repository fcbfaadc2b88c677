"""What the file says of itself, and the tables that turn its glyphs back into text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFName, PDFStream

from ...model import Guide
from ...words import unhyphenated
from .file import string


class Info:
    """Title and such, the same in the two places a PDF has for them (ISO 32000-1, 14.3.2 and
    14.3.3). The only date is the guide's: it stands for creation and change."""

    def __init__(self, guide: Guide) -> None:
        self.date = guide.updated.isoformat() if guide.updated else ""
        self.texts = {
            "Title": guide.title,
            "Author": f"{guide.company} study guide",
            "Subject": " ".join(filter(None, (guide.company, guide.level, guide.role))),
            "Keywords": "interview, study guide",
            "Creator": "deckgen",
            "Producer": "deckgen, with ReportLab",
        }

    def dictionary(self) -> str:
        entries = [f"/{key} {string(text)}" for key, text in self.texts.items()]
        if self.date:
            stamp = string(f"D:{self.date.replace('-', '')}000000Z")
            entries += [f"/CreationDate {stamp}", f"/ModDate {stamp}"]
        return f"<<{' '.join(entries)}>>"

    def xmp(self) -> PDFStream:
        date = f"{self.date}T00:00:00Z"
        dates = f"<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>"
        texts = {key: escape(unhyphenated(text), quote=False) for key, text in self.texts.items()}
        packet = _XMP.format(**texts, dates=dates if self.date else "")
        kind = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
        return PDFStream(PDFDictionary(kind), packet.encode("utf-8", "replace"))


_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{Title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{Author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{Subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>{Keywords}</pdf:Keywords>
<pdf:Producer>{Producer}</pdf:Producer>
<xmp:CreatorTool>{Creator}</xmp:CreatorTool>
{dates}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def mend_cmaps(document: PDFDocument) -> None:
    """Write the tables that turn glyphs back into text as ISO 32000-1, 9.10.3 has them. Those that
    reportlab writes map unused codes to U+0000, and cut characters beyond U+FFFF short."""
    for font in document.delayedFonts:
        font.addObjects(document)
    document.delayedFonts = []
    for name, stream in document.idToObject.items():
        if not name.startswith("toUnicodeCMap:"):
            continue
        pairs = [
            f"<{code}> <{chr(int(value, 16)).encode('utf-16-be').hex()}>"
            for code, value in re.findall(r"<(\w+)> <(\w+)>", stream.content)
            if int(value, 16)
        ]
        stream.content = cmap(pairs, "<00> <FF>")


def cmap(pairs: Sequence[str], codes: str) -> str:
    """A table that turns codes back into text: `pairs` of a code and its text in UTF-16, each in
    hexadecimal; `codes` is the first and the last that there can be."""
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    lines = (f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return _CMAP.format(codes=codes) + "".join(lines) + _CMAP_END


_CMAP = """\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
{codes}
endcodespacerange
"""
_CMAP_END = """\
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
