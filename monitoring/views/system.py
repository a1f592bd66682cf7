"""What the site runs on: processes, database, disk, the queue, and what must always be true."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.models import InvariantCount, Reading
from monitoring.services.invariants import violations
from monitoring.services.samples import processor_percent
from monitoring.services.system import system
from monitoring.services.tasks import queue
from monitoring.views.tabs import tabs
from monitoring.views.wording import lasting, written
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import staff_required


@require_safe
@staff_required
def show_system(request: HttpRequest) -> HttpResponse:
    """Everything as it stands now, on the host that answers; of others, what they last told."""
    now = clock.now()
    found = system(now=now, cpu_percent=processor_percent(now=now))
    counted = dict(InvariantCount.objects.values_list("name", "counted_at"))
    context = {
        "tabs": tabs("system"),
        "now": now,
        "zone": request.user.timezone,
        "facts": _facts(found),
        "workers": [
            {**one, "started": datetime.fromisoformat(one["started_at"])}
            for one in found["workers"]
        ],
        "hosts": Reading.objects.defer("tally").order_by("host"),
        "queue": queue(now=now),
        "invariants": [
            {"name": name, "number": number, "counted_at": counted.get(name)}
            for name, number in violations().items()
        ],
    }
    return render(request, "monitoring/system.html", context)


def _facts(found: dict[str, Any]) -> dict[str, str]:
    database, disk, machine = found["database"], found["disk"], found["machine"]
    return {
        "host": found["host"],
        "uptime": lasting(found["uptime_seconds"]),
        "memory": written(found["memory_mb"], "MB"),
        "processor": written(found["cpu_percent"], "%"),
        "database": f"{database['engine']} {database['version']}",
        "size": written(database["size_bytes"], "B"),
        "log": written(database["wal_bytes"], "B"),
        "connections": written(database["connections"]),
        "disk": written(disk["free_bytes"], "B"),
        "disk_total": written(disk["total_bytes"], "B"),
        "load": " · ".join(written(load) for load in machine["load"]),
        "cpus": written(machine["cpus"]),
        "free": written(machine["memory_available_mb"], "MB"),
        "total": written(machine["memory_mb"], "MB"),
        "python": found["versions"]["python"],
        "django": found["versions"]["django"],
    }
