"""What a chef's own program does with a calendar, by the `caldav` library, in `.venv-peers`:
`python radicale_client.py ADDRESS make|add|read|delete`. It prints JSON.
"""

import json
import sys
from typing import Any

USERNAME, PASSWORD = "ben", "an-app-password"


def shown(event: Any) -> dict[str, str]:
    """Return what the library reads of an event."""
    [read] = event.icalendar_instance.walk("VEVENT")
    return {
        "uid": str(read["UID"]),
        "url": str(event.url),
        "starts": read["DTSTART"].dt.isoformat(),
        "ends": read["DTEND"].dt.isoformat(),
        "sequence": str(read.get("SEQUENCE", 0)),
        "status": str(read.get("STATUS", "")),
        "summary": str(read["SUMMARY"]),
    }


def main(address: str, what: str) -> Any:
    """Do it; return what is there then."""
    from caldav.davclient import DAVClient  # which the tests themselves do not have

    with DAVClient(url=address, username=USERNAME, password=PASSWORD) as client:
        principal = client.principal()
        if what == "make":
            return str(principal.make_calendar(name="Work", cal_id="work").url)
        [calendar] = principal.calendars()
        if what == "add":
            return str(calendar.save_event(sys.stdin.read()).url)
        if what == "delete":
            calendar.event_by_uid(sys.stdin.read()).delete()
        return [shown(event) for event in calendar.events()]


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
