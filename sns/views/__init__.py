"""The pages of social posts."""

from sns.views.accounts import (
    confirm_disconnecting,
    connect,
    finish_connecting,
    list_accounts,
    show_account,
)
from sns.views.calendar import show_calendar
from sns.views.composing import change_post, create_post, show_preview
from sns.views.importing import import_page
from sns.views.media import show_media
from sns.views.overview import show_overview
from sns.views.planning import list_campaigns, list_templates, show_campaign, show_template
from sns.views.posts import comment, decide, decide_publication, move, show_post
from sns.views.team import choose_workspace, end_seat, show_team
from sns.views.uploading import add_pictures

__all__ = [
    "add_pictures",
    "change_post",
    "choose_workspace",
    "comment",
    "confirm_disconnecting",
    "connect",
    "create_post",
    "decide",
    "decide_publication",
    "end_seat",
    "finish_connecting",
    "import_page",
    "list_accounts",
    "list_campaigns",
    "list_templates",
    "move",
    "show_account",
    "show_calendar",
    "show_campaign",
    "show_media",
    "show_overview",
    "show_post",
    "show_preview",
    "show_team",
    "show_template",
]
