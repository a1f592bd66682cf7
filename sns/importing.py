"""Posts from a spreadsheet: a CSV file read line by line, each with what is wrong with it.

The first line names the columns: `text` and `accounts` have to be there, `time`, `link` and `title`
may. Nothing is stored here, and no line's mistake keeps another from being read.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sns.times.wall import exists, instant_of
from softfactory.kernel.problems import DomainError

MOST_BYTES = 1_000_000
MOST_LINES = 500
MOST_TEXT = 20_000  # characters
MOST_LINK = 2_000
MOST_TITLE = 200

NEEDED = ("text", "accounts")
COLUMNS = (*NEEDED, "time", "link", "title")
SEPARATORS = ",;\t"
BETWEEN_ACCOUNTS = str.maketrans(";|\n", "   ")
# By the marks that spreadsheets begin a file with; else UTF-8, else Korean Windows.
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WITHOUT_MARK = ("utf-8", "cp949")


@dataclass(frozen=True, slots=True)
class Line:
    """One post to be: its line in the file, counted from 1, and what is wrong with it."""

    number: int
    text: str = ""
    title: str = ""
    link: str = ""
    account_ids: tuple[int, ...] = ()
    at: datetime | None = None  # None: a draft
    problems: tuple[str, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        return not self.problems


def read_csv(
    content: bytes, *, accounts: Mapping[str, int], zone: ZoneInfo, now: datetime
) -> list[Line]:
    """Return the lines of a file, good and bad. `accounts` are ids by handle, without regard to
    case. Times without an offset are of this zone.

    Raises DomainError (`csv_too_large`, `csv_encoding`, `csv_columns`, `csv_broken`) where the file
    as a whole can't be read.
    """
    known = {handle.casefold().lstrip("@"): pk for handle, pk in accounts.items()}
    rows = _rows(_decoded(content))
    _number, header = next(rows, (1, []))
    columns = _columns(header)
    lines = []
    for number, cells in rows:
        if len(lines) == MOST_LINES:
            message = _("The file has more than %(most)s lines. Split it.")
            raise DomainError("csv_too_large", message % {"most": MOST_LINES})
        if any(cell.strip() for cell in cells):
            lines.append(_line(number, dict(zip(columns, cells, strict=False)), known, zone, now))
    return lines


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        message = _("The file has more than %(most)s bytes. Split it.")
        raise DomainError("csv_too_large", message % {"most": MOST_BYTES})
    marked = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else WITHOUT_MARK:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError("csv_encoding", _("The file's letters can't be read. Save it as UTF-8."))


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each row with the line it begins on."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        message = _("Line %(number)s is no CSV: a quotation mark may be missing.")
        raise DomainError("csv_broken", message % {"number": begins}) from error


def _columns(header: Sequence[str]) -> list[str]:
    columns = [name.strip().casefold() for name in header]
    missing = [name for name in NEEDED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    if missing or unknown or len(set(columns)) < len(columns):
        message = _("The first line names the columns: %(columns)s. Only the first two must be.")
        raise DomainError("csv_columns", message % {"columns": ", ".join(COLUMNS)})
    return columns


def _line(
    number: int, cells: Mapping[str, str], known: Mapping[str, int], zone: ZoneInfo, now: datetime
) -> Line:
    problems: list[str] = []
    text = cells.get("text", "").strip()
    title, link = cells.get("title", "").strip(), cells.get("link", "").strip()
    if not text:
        problems.append(_("The text is missing."))
    for value, most in ((text, MOST_TEXT), (title, MOST_TITLE), (link, MOST_LINK)):
        if len(value) > most:
            problems.append(_("At most %(most)s characters stand in a cell.") % {"most": most})
    if link and not link.startswith(("https://", "http://")):
        problems.append(_("The link begins with neither https:// nor http://."))
    if any("\0" in cell for cell in cells.values()):
        problems.append(_("A character stands in it that nobody can read."))
    ids = _accounts(cells.get("accounts", ""), known, problems)
    at = _time(cells.get("time", "").strip(), zone, now, problems)
    return Line(number, text, title, link, ids, at, tuple(problems))


def _accounts(cell: str, known: Mapping[str, int], problems: list[str]) -> tuple[int, ...]:
    handles = cell.translate(BETWEEN_ACCOUNTS).split()
    if not handles:
        problems.append(
            _("No account is named. Write its name, such as %(name)s.") % _example(known)
        )
    found = {}
    for handle in handles:
        pk = known.get(handle.casefold().lstrip("@"))
        if pk is None:
            message = _("You have no account %(name)s. Connect it, or correct the name.")
            problems.append(message % {"name": handle[:100]})
        else:
            found[pk] = None
    return tuple(found)


def _example(known: Mapping[str, int]) -> dict[str, str]:
    return {"name": next(iter(known), "me.bsky.social")}


def _time(cell: str, zone: ZoneInfo, now: datetime, problems: list[str]) -> datetime | None:
    """An empty cell is a draft; a time without an offset is the zone's own."""
    if not cell:
        return None
    try:
        written = datetime.fromisoformat(cell)
        if written.tzinfo is None and not exists(written, zone):
            problems.append(_("Clocks are put forward then: there is no such time. Take another."))
            return None
        instant = instant_of(written, zone) if written.tzinfo is None else written.astimezone(UTC)
    except (ValueError, OverflowError):
        problems.append(_("The time can't be read. Write it as 2027-03-28 09:30."))
        return None
    if instant <= now:
        problems.append(_("The time has passed."))
    return instant
