"""Social posts in a browser: written, counted, scheduled, moved, and seen published."""

import json
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from sns.models import Campaign, Comment, Media, Post, Publication, SocialAccount, Template
from sns.services.publishing import publish_due
from softfactory.kernel import clock
from tests.kernel.pictures.drawing import drawn
from tests.receivers import Answer, http_receiver
from tests.sns.makers import make_account, make_attempt, make_post, make_publication

pytestmark = pytest.mark.django_db(transaction=True)

SEOUL = ZoneInfo("Asia/Seoul")
PAGES = [
    "/social/",
    "/social/posts/new",
    "/social/posts/{post}",
    "/social/posts/{draft}/edit",
    "/social/calendar",
    "/social/calendar?view=week",
    "/social/accounts",
    "/social/accounts/{account}",
    "/social/accounts/connect/webhook",
    "/social/campaigns",
    "/social/campaigns/{campaign}",
    "/social/templates",
    "/social/templates/{template}",
    "/social/team",
    "/social/import",
]
LONG = (
    "한식을 배우는 저녁 " * 8
    + "https://example.com/a/very/long/address/that/goes/on/and/on #kimchi"
)


def make_bluesky(owner, **overrides):
    values = {"network": "bluesky", "server": "https://bsky.social", "facts": {}}
    return make_account(owner, handle="nari.bsky.social", **values | overrides)


@pytest.fixture
def rows(ana, ben):
    """Ana has something on every page: a broken account, a log of attempts, a campaign."""
    account = make_bluesky(ana, slots=[{"weekday": 0, "at": "09:00"}])
    other = make_account(ana, broken_reason="The password was changed.", broken_at=clock.now())
    campaign = Campaign.objects.create(owner=ana, name="Spring")
    soon = clock.now() + timedelta(hours=30)
    scheduled = make_publication(account, scheduled_at=soon).post
    failed = {"state": Publication.State.FAILED, "due_at": None, "reason": "Too many requests"}
    publication = make_publication(account, **failed, likes=3, replies=1, reposts=0)
    make_attempt(publication, answer="x" * 200, request_id="a-long-request-id-" * 4)
    Post.objects.filter(pk=publication.post_id).update(text=LONG, campaign=campaign)
    Comment.objects.create(post=publication.post, author=ben, text="Less salt, please. " * 9)
    draft = make_post(ana, accounts=[account, other], text=LONG, title="A title", campaign=campaign)
    template = Template.objects.create(owner=ana, name="Opening", text="{chef.name} is free")
    return {
        "post": publication.post_id,
        "scheduled": scheduled.pk,
        "draft": draft.pk,
        "account": other.pk,
        "campaign": campaign.pk,
        "template": template.pk,
    }


@pytest.fixture
def visit(visitors, live_server, ana, rows):
    """`visit(path, width=…)` opens a page as Ana."""

    def opened(path, **options):
        context = visitors(**options)
        client = Client()
        client.force_login(ana)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(path.format_map(rows), wait_until="networkidle")
        return page

    return opened


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path, theme):
    page = visit(path, color_scheme=theme, reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("path", PAGES)
def test_fits_a_small_screen_with_headings_in_order(visit, path):
    page = visit(path, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.fixture
def receiver(settings):
    """A server of Ana's that posts go to."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as there:
        there.commands.append(Answer(200, body=b'{"id": "7", "url": "https://social.example/7"}'))
        yield there


def test_a_post_is_written_and_seen_published_once(page, enter, ana, receiver, tmp_path):
    enter(ana)
    page.goto("/social/accounts")
    page.get_by_role("link", name="Connect Webhook").click()
    page.get_by_label("Server").fill(f"{receiver.url}/in")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("is connected.")).to_be_visible()

    page.goto("/social/posts/new")
    page.locator("#id_text").fill("Kimchi is ready. #kimchi")
    expect(page.get_by_role("checkbox", name="127.0.0.1")).to_be_checked()  # there is no other
    preview = page.locator("#previews")
    expect(preview.get_by_text("Fits")).to_be_visible()
    expect(preview.locator(".seen__facet")).to_have_text("#kimchi")
    shown = tmp_path / "dish.jpg"
    shown.write_bytes(drawn())
    page.get_by_label("Add pictures").set_input_files(shown)
    page.get_by_label("What it shows").fill("Kimchi on rice")
    expect(preview.locator(".seen__pictures img")).to_have_attribute("alt", "Kimchi on rice")
    page.get_by_role("radio", name="Now").check(force=True)
    page.get_by_role("button", name="Publish now").click()

    expect(page.get_by_text("Nothing was tried yet.")).to_be_visible()
    assert Media.objects.get().alt == "Kimchi on rice"
    publish_due(clock.now())
    publish_due(clock.now())
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Published")
    expect(page.get_by_role("link", name="See it there")).to_have_attribute(
        "href", "https://social.example/7"
    )
    expect(page.locator(".attempts li")).to_have_count(1)
    expect(page.locator(".attempts")).to_contain_text("Sent: Done")
    (message,) = receiver.received
    (part,) = json.loads(message.body)["data"]["parts"]
    assert part["text"] == "Kimchi is ready. #kimchi"
    assert part["pictures"][0]["alt"] == "Kimchi on rice"


def test_a_press_counts_while_a_preview_is_on_its_way(page, enter, ana, rows):
    enter(ana)
    page.set_viewport_size({"width": 1280, "height": 2_400})  # all of the form is in view
    page.goto("/social/posts/new", wait_until="networkidle")
    page.route("**/social/posts/preview", lambda _route: None)  # it takes for ever
    page.locator("#id_text").press_sequentially("Kimchi is ready.")

    page.get_by_role("button", name="Save draft").hover()
    page.mouse.down()
    page.locator("#compose > .htmx-request").wait_for()
    page.mouse.up()

    expect(page.get_by_text("The draft is saved.")).to_be_visible()


def test_counters_count_as_the_network_does(page, enter, ana, rows):
    enter(ana)
    page.goto(f"/social/posts/{rows['draft']}/edit")
    text = page.locator("#id_text")
    counter = page.locator(".counters").first.locator(".counter", has_text="nari.bsky.social")

    text.fill("👨‍👩‍👧‍👦 각")

    expect(counter).to_contain_text("3 / 300")


def test_a_post_is_written_without_script(visitors, live_server, ana, rows):
    context = visitors(java_script_enabled=False)
    client = Client()
    client.force_login(ana)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/social/posts/new")
    page.locator("#id_text").fill("Without script")
    page.get_by_role("checkbox", name="nari.bsky.social").check(force=True)
    page.get_by_role("button", name="Add to the queue").click()

    expect(page.get_by_role("main")).to_contain_text("Scheduled")
    post = Post.objects.get(text="Without script")
    assert post.scheduled_at.astimezone(SEOUL).weekday() == 0

    page.goto(f"/social/calendar?on={post.scheduled_at.astimezone(SEOUL):%Y-%m-%d}")
    day = post.scheduled_at.astimezone(SEOUL).date() + timedelta(days=1)
    form = page.locator(f"#move-{post.pk}")
    form.locator("[name=day]").fill(day.isoformat())
    form.get_by_role("button", name="Move").click()
    post.refresh_from_db()
    assert post.scheduled_at.astimezone(SEOUL).date() == day


def test_a_post_is_moved_by_keyboard_and_by_hand(page, enter, ana, rows):
    enter(ana)
    post = Post.objects.get(pk=rows["scheduled"])
    day = post.scheduled_at.astimezone(SEOUL).date()
    page.goto(f"/social/calendar?on={day}")
    entry = page.locator(f"#entry-{post.pk}")
    entry.focus()

    page.keyboard.press("Shift+ArrowDown")

    day += timedelta(days=7)
    expect(page.locator(f'[data-day="{day}"] #entry-{post.pk}')).to_be_focused()
    post.refresh_from_db()
    assert post.scheduled_at.astimezone(SEOUL).date() == day

    day += timedelta(days=1)
    target = page.locator(f'[data-day="{day}"]')
    entry.drag_to(target)
    expect(page.locator(f'[data-day="{day}"] #entry-{post.pk}')).to_be_visible()
    post.refresh_from_db()
    assert post.scheduled_at.astimezone(SEOUL).date() == day


def test_a_secret_never_comes_back(page, enter, ana, rows):
    enter(ana)
    secret = SocialAccount.objects.get(pk=rows["account"]).secrets["secret"]
    page.goto(f"/social/accounts/{rows['account']}")
    assert secret not in page.content()
