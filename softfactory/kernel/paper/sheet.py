"""A document on A4 that grows downwards, page by page, and is made of the same bytes each time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from softfactory.kernel.paper import typeset
from softfactory.kernel.paper.tagging import Tags

WIDTH, HEIGHT = A4
MARGIN = 56  # points, as all lengths here
INK, MUTED, LINE = (0.13, 0.11, 0.09), (0.42, 0.38, 0.35), (0.84, 0.81, 0.78)
SIZE, LEADING = 10, 1.45


class Row(NamedTuple):
    """A row of a table: what it is, and its value."""

    label: str
    value: str
    is_total: bool = False


class Sheet:
    """Write it from top to bottom, then take its `bytes`."""

    def __init__(self, *, title: str, language: str, author: str) -> None:
        self._file = BytesIO()
        # invariant: no time of making and no random number stands in it
        self._canvas = Canvas(
            self._file,
            pagesize=A4,
            lang=language,
            initialFontName=typeset.font(),
            pageCompression=1,
            invariant=1,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator(author)
        self._tags = Tags(self._canvas)
        self._y = HEIGHT - MARGIN

    def heading(self, text: str) -> None:
        """Write the heading of the document."""
        self._block("H1", text, size=22)
        self.space(14)

    def paragraph(self, text: str, *, is_muted: bool = False) -> None:
        """Write a paragraph."""
        self._block("P", text, size=SIZE, colour=MUTED if is_muted else INK)
        self.space(4)

    def space(self, points: float) -> None:
        """Leave this much free."""
        self._y -= points

    def beside(self, blocks: Sequence[Sequence[str]]) -> None:
        """Write short texts beside each other; the first line of each says what it is."""
        each = (WIDTH - 2 * MARGIN) / len(blocks)
        top = lowest = self._y
        for number, block in enumerate(blocks):
            self._y = top
            for line, text in enumerate(block):
                left = MARGIN + number * each
                colour = INK if line else MUTED
                self._block("P", text, size=SIZE, colour=colour, left=left, most=each - 16)
            lowest = min(lowest, self._y)
        self._y = lowest
        self.space(14)

    def table(self, rows: Sequence[Row], *, value_at: float | None = None) -> None:
        """Write rows; their values stand at the right edge, or so far from the left one."""
        with self._tags.element("Table"):
            for row in rows:
                self._row(row, value_at)
        self.space(14)

    def rule(self) -> None:
        """Draw a line across."""
        with self._tags.decoration():
            self._canvas.setStrokeColorRGB(*LINE)
            self._canvas.setLineWidth(0.6)
            self._canvas.line(MARGIN, self._y, WIDTH - MARGIN, self._y)
        self.space(6)

    @property
    def bytes(self) -> bytes:
        """Return the document, which is finished with this."""
        self._tags.turn_page()
        self._tags.finish()
        self._canvas.save()
        return self._file.getvalue()

    def _row(self, row: Row, value_at: float | None) -> None:
        size = SIZE + 2 if row.is_total else SIZE
        value = typeset.printable(row.value)
        left = WIDTH - MARGIN - typeset.width(value, size)
        if value_at is not None:
            left = MARGIN + value_at
        texts = list(typeset.lines(row.label, size=size, most=left - MARGIN - 16))
        self._make_room(len(texts) * size * LEADING)
        if row.is_total:
            self.rule()
        top = self._y
        with self._tags.element("TR"):
            with self._cell("TH"):
                self._set(texts, size, MUTED if value_at is not None else INK, MARGIN)
            below, self._y = self._y, top
            with self._cell("TD"):
                self._set([value], size, INK, left)
        self._y = min(below, self._y) - 3

    @contextmanager
    def _cell(self, kind: str) -> Iterator[None]:
        with self._tags.element(kind), self._tags.content():
            yield

    def _block(
        self,
        kind: str,
        text: str,
        *,
        size: float,
        colour: tuple[float, float, float] = INK,
        left: float = MARGIN,
        most: float = WIDTH - 2 * MARGIN,
    ) -> None:
        texts = list(typeset.lines(text, size=size, most=most))
        self._make_room(len(texts) * size * LEADING)
        with self._cell(kind):
            self._set(texts, size, colour, left)

    def _set(
        self, texts: Sequence[str], size: float, colour: tuple[float, float, float], left: float
    ) -> None:
        for text in texts:
            self._y -= size
            self._canvas.setFont(typeset.font(), size)
            self._canvas.setFillColorRGB(*colour)
            self._canvas.drawString(left, self._y, text)
            self._y -= size * (LEADING - 1)

    def _make_room(self, height: float) -> None:
        if self._y - height < MARGIN:
            self._tags.turn_page()
            self._y = HEIGHT - MARGIN
