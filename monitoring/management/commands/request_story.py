"""request_story: what the request with this id did."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from monitoring.services.stories import KEPT, Story, stories_of


class Command(BaseCommand):
    """Print the stories of an id, the newest first."""

    help = "Show the queries, log lines and tasks of a request by its X-Request-ID."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("request_id", metavar="ID", help="of X-Request-ID, a log, a problem")
        parser.add_argument("--json", action="store_true", help="a list of stories")

    def handle(self, **options: Any) -> None:
        found = stories_of(options["request_id"])
        if not found:
            raise CommandError(
                f"No story is kept under this id. Writes, slow, failed and warned requests leave"
                f" one for {KEPT.days} days, and a share of the others (STORY_PERCENT)."
            )
        if options["json"]:
            stories = [asdict(story) for story in found]
            self.stdout.write(json.dumps(stories, cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            self.stdout.write("\n\n".join("\n".join(_lines(story)) for story in found))


def _lines(story: Story) -> Iterator[str]:
    yield f"{story.method} {story.route} → {story.status}, kept because: {story.why}"
    user = f"user {story.user_id}" if story.user_id else "nobody in particular"
    yield f"{story.at:%Y-%m-%d %H:%M:%S.%f} UTC, request {story.request_id}, {user}"
    yield f"{story.duration_ms} ms, of which {story.db_ms} ms in {story.query_count} queries"
    if story.queries:
        yield "\nQueries"
    for query in story.queries:
        place = f"  {query['place']}" if query["place"] else ""
        yield f"  {query['times']:>4} × {query['ms']:>8.2f} ms{place}\n         {query['sql']}"
    if story.lines:
        yield "\nLog"
    for line in story.lines:
        yield f"  {line['at']} {line['level'].upper():<8} {line['logger']}: {line['event']}"
    if story.tasks:
        yield "\nTasks"
    for task in story.tasks:
        ended = f", ended {task.finished_at:%H:%M:%S}" if task.finished_at else ""
        yield f"  {task.id} {task.path} {task.status}{ended}"
