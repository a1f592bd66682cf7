"""The structure of a PDF, for those who hear it read: what is a heading, a table, a cell.

ReportLab draws and does not tag, so the tree is written here, as ISO 32000-1, 14.7 and 14.8 have
it: each piece of a page has a number, and an element of the tree names the page and the number.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference
from reportlab.pdfgen.canvas import Canvas


class Tags:
    """The tree of one document, grown in the order in which its pages are drawn."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._document: Any = canvas._doc
        self._root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        self._parents: list[list[PDFObjectReference]] = [[]]  # by page, by number
        self._open: list[tuple[PDFDictionary, PDFObjectReference, list[Any]]] = [
            (self._root, self._document.Reference(self._root), [])
        ]
        self._enter("Document")

    @contextmanager
    def element(self, kind: str) -> Iterator[None]:
        """Have what is drawn inside be an element, such as `Table`."""
        self._enter(kind)
        yield
        self._leave()

    @contextmanager
    def content(self) -> Iterator[None]:
        """Have what is drawn inside be the content of the element that is open."""
        _node, owner, kids = self._open[-1]
        of_page = self._parents[-1]
        mark = len(of_page)
        of_page.append(owner)
        kids.append(
            PDFDictionary(
                {"Type": PDFName("MCR"), "Pg": self._document.thisPageRef(), "MCID": mark}
            )
        )
        self._canvas._code.append(f"/Span <</MCID {mark}>> BDC")
        yield
        self._canvas._code.append("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Have what is drawn inside be left unread."""
        self._canvas._code.append("/Artifact BMC")
        yield
        self._canvas._code.append("EMC")

    def turn_page(self) -> None:
        """End the page. What is drawn from here on is on the next one."""
        number = len(self._parents) - 1
        self._canvas.showPage()
        page = self._document.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
        page.StructParents = number
        self._parents.append([])

    def finish(self) -> None:
        """Write the tree. Nothing is drawn any more."""
        while self._open:
            self._leave()
        numbers: list[Any] = []
        for page, owners in enumerate(self._parents):
            numbers += [page, self._document.Reference(PDFArray(owners))]
        self._root.dict["ParentTree"] = PDFDictionary({"Nums": PDFArray(numbers)})
        catalog = self._document.Catalog
        catalog.StructTreeRoot = self._root
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})

    def _enter(self, kind: str) -> None:
        _node, parent, siblings = self._open[-1]
        node = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(kind), "P": parent})
        if kind == "TH":
            node.dict["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Row")})
        reference = self._document.Reference(node)
        siblings.append(reference)
        self._open.append((node, reference, []))

    def _leave(self) -> None:
        node, _reference, kids = self._open.pop()
        node.dict["K"] = PDFArray(kids)
