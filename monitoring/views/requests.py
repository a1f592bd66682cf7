"""One request's whole story, by the id that its answer, its log lines and its problem carry."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from monitoring.models import RequestStory
from monitoring.services.stories import Story, stories_of
from monitoring.views.tabs import tabs
from monitoring.views.wording import written
from softfactory.kernel.http.sign_in import staff_required

LATEST = 20

WHY = {
    "failed": (_("failed"), "danger"),
    "warned": (_("warned"), "warning"),
    "slow": (_("slow"), "warning"),
    "write": (_("wrote"), "neutral"),
    "sampled": (_("sampled"), "neutral"),
}


@require_safe
@staff_required
def show_requests(request: HttpRequest) -> HttpResponse:
    """The stories of the id that was asked for; without one, the latest that were kept."""
    asked = request.GET.get("id", "").replace("\0", "").strip()
    context = {
        "tabs": tabs("requests"),
        "zone": request.user.timezone,
        "asked": asked,
        "stories": [_told(story) for story in stories_of(asked)] if asked else [],
        "latest": [] if asked else [_told(row) for row in _latest()],
    }
    return render(request, "monitoring/requests.html", context)


def _latest() -> Any:
    return RequestStory.objects.defer("queries", "lines", "tasks").order_by("-pk")[:LATEST]


def _told(story: Story | RequestStory) -> dict[str, Any]:
    word, tone = WHY[story.why]
    return {
        "story": story,
        "why": word,
        "tone": tone,
        "duration": written(story.duration_ms, "ms"),
        "database": written(story.db_ms, "ms"),
    }
