"""Calendar, campaigns, templates, team and spreadsheets, as pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bookings.models import Chef
from sns.models import Campaign, Post, Publication, Seat, Template
from sns.services.filling import coming_openings
from softfactory.kernel import clock
from tests.makers import make_chef, make_menu, make_review
from tests.sns.makers import make_account, make_post, make_publication

pytestmark = pytest.mark.django_db

MAY = datetime(2027, 5, 12, 0, 30, tzinfo=UTC)  # 9:30 in Seoul


@pytest.fixture
def account(ana):
    return make_account(ana)


@pytest.fixture
def browser(browse, ana):
    return browse(ana)


def days(answer):
    return {
        cell.day.isoformat(): [entry.post.text for entry in cell.entries]
        for week in answer.context["weeks"]
        for cell in week
        if cell.entries
    }


@pytest.mark.parametrize("view", ["", "&view=week"])
def test_a_post_stands_on_its_day_by_the_owners_clock(browser, account, view):
    make_publication(account, scheduled_at=MAY)

    answer = browser.get(f"/social/calendar?on=2027-05-12{view}")

    assert days(answer) == {"2027-05-12": ["Kimchi!"]}
    assert "09:30" in answer.content.decode()


def test_a_month_is_whole_weeks(browser):
    weeks = browser.get("/social/calendar?on=2027-05-12").context["weeks"]

    assert [str(weeks[0][0].day), str(weeks[-1][-1].day)] == ["2027-04-26", "2027-06-06"]


@pytest.mark.parametrize("on", ["", "tomorrow", "0001-01-01", "9999-12-31", "2027-02-30"])
def test_a_day_that_there_is_not_is_today(browser, on):
    assert browser.get(f"/social/calendar?on={on}").status_code == 200


def test_a_post_is_moved_to_another_day_and_keeps_its_time(browser, account):
    publication = make_publication(account, scheduled_at=MAY)

    answer = browser.post(f"/social/posts/{publication.post_id}/move", {"day": "2027-05-20"})

    publication.refresh_from_db()
    assert answer.url == "/social/calendar?on=2027-05-20"
    assert publication.scheduled_at == publication.due_at == MAY.replace(day=20)


def test_across_a_change_of_clocks_it_stays_at_its_local_time(browser, ana, account):
    at = datetime(2027, 3, 27, 8, tzinfo=UTC)
    publication = make_publication(account, scheduled_at=at)
    Post.objects.update(timezone="Europe/Berlin")

    browser.post(f"/social/posts/{publication.post_id}/move", {"day": "2027-03-29"})

    publication.refresh_from_db()
    assert publication.scheduled_at == datetime(2027, 3, 29, 7, tzinfo=UTC)


def test_what_is_being_sent_does_not_move(browser, account):
    publication = make_publication(
        account, state=Publication.State.CLAIMED, due_at=None, lease_until=clock.now()
    )

    answer = browser.post(
        f"/social/posts/{publication.post_id}/move", {"day": "2027-05-20"}, follow=True
    )

    assert "being sent already" in answer.content.decode()


@pytest.mark.parametrize("day", ["", "soon", "2027-13-01"])
def test_a_move_to_nowhere(browser, account, day):
    publication = make_publication(account, scheduled_at=MAY)

    answer = browser.post(f"/social/posts/{publication.post_id}/move", {"day": day})

    assert answer.status_code == 404


def test_a_campaign_is_begun_changed_and_forgotten(browser, ana, account):
    begun = browser.post("/social/campaigns", {"name": "Spring", "utm_campaign": "spring"})
    campaign = Campaign.objects.get()
    assert begun.url == f"/social/campaigns/{campaign.pk}"
    make_post(ana, campaign=campaign, text="Kimchi of spring")

    assert browser.post("/social/campaigns", {"name": "Spring"}).status_code == 200  # it is taken
    browser.post(begun.url, {"name": "Autumn"})
    assert "Kimchi of spring" in browser.get(begun.url).content.decode()
    browser.post(begun.url, {"delete": "1"})

    assert not Campaign.objects.exists()
    assert Post.objects.get().campaign is None


def test_a_campaigns_chart_has_what_people_did(browser, ana, account):
    campaign = Campaign.objects.create(owner=ana, name="Spring")
    liked = make_publication(account, likes=8, replies=2, reposts=0)
    other = make_publication(make_account(ana), post=liked.post, likes=2, replies=0, reposts=0)
    Post.objects.filter(pk=other.post_id).update(campaign=campaign)

    answer = browser.get(f"/social/campaigns/{campaign.pk}")

    (bar,) = answer.context["chart"]["bars"]
    assert bar.post.reaction_count == 12
    assert [part["height"] for part in bar.parts] == [110.0, 22.0, 0.0]
    assert "style=" not in answer.content.decode()


def test_a_template_is_filled_with_what_the_business_has(browser, ana):
    chef = make_chef(ana, name="Nari")
    text = "{chef.name} is free on {slot.date} at {slot.time}."
    browser.post("/social/templates", {"name": "Opening", "text": text})
    template = Template.objects.get()

    slot = coming_openings(Chef.objects.with_availability().get(), now=clock.now())[0]
    chosen = {"template": template.pk, "chef": chef.pk, "slot": slot.isoformat()}
    answer = browser.get("/social/posts/new", chosen)

    local = slot.astimezone(ZoneInfo("Asia/Seoul"))
    page = answer.content.decode().replace("\u202f", " ")
    assert (
        f"Nari is free on {local:%A} {local.day} {local:%B %Y} at {local:%H:%M}."
        in page.replace(",", "")
    )
    assert "About a free time of Nari:" in page


def test_a_post_about_a_free_time_is_tied_to_it(browser, ana, account):
    chef = make_chef(ana)
    slot = coming_openings(Chef.objects.with_availability().get(), now=clock.now())[0]
    wish = {
        "text": "Free after all",
        "chef": chef.pk,
        "slot": slot.isoformat(),
        "on_taken": "delete",
        "when": "queue",
        "timezone": "UTC",
    }

    browser.post("/social/posts/new", wish)
    post = Post.objects.get()
    assert (post.chef, post.slot_starts_at, post.on_taken) == (chef, slot, "delete")
    assert "once" in browser.get(f"/social/posts/{post.pk}/edit").content.decode().lower()

    browser.post(f"/social/posts/{post.pk}/edit", {**wish, "on_taken": ""})
    post.refresh_from_db()
    assert (post.chef, post.slot_starts_at) == (None, None)


def test_nobody_ties_a_post_to_another_ones_chef(browser, ana, chef):
    slot = clock.now().isoformat()
    wish = {"text": "Hm", "chef": chef.pk, "slot": slot, "on_taken": "skip"}

    browser.post("/social/posts/new", {**wish, "when": "queue", "timezone": "UTC"})

    assert Post.objects.get().chef is None


def test_a_template_says_what_is_missing(browser, ana):
    make_chef(ana, name="Nari")
    template = Template.objects.create(owner=ana, name="Opening", text="{chef.name} {slot.time}")

    page = browser.get(f"/social/posts/new?template={template.pk}").content.decode()

    assert "There is nothing to put for {slot.time}" in page


def test_a_review_is_quoted_as_text(browser, ana):
    said = {"text": "So good! {chef.name} <b>", "author_name": "Rey", "may_be_quoted": True}
    review = make_review(make_chef(ana), **said)
    template = Template.objects.create(owner=ana, name="Quote", text="“{review.text}”")

    address = f"/social/posts/new?template={template.pk}&review={review.pk}"
    page = browser.get(address).content.decode()

    assert "“So good! {chef.name} &lt;b&gt;”" in page


def test_a_menu_with_its_price_and_courses(browser, ana):
    menu = make_menu(make_chef(ana, name="Nari"), title="Harvest")
    text = "{menu.name} by {chef.name}, {menu.price} each:\n{menu.courses}"
    template = Template.objects.create(owner=ana, name="Menu", text=text)

    address = f"/social/posts/new?template={template.pk}&menu={menu.pk}"
    page = browser.get(address).content.decode()

    assert "Harvest by Nari, ₩80,000 each:\nBroth\nRice\nPersimmon" in page


def test_a_placeholder_that_there_is_not(browser):
    answer = browser.post("/social/templates", {"name": "Bad", "text": "{settings.SECRET_KEY}"})

    assert "There is no {settings.SECRET_KEY}" in answer.content.decode()
    assert not Template.objects.exists()


def test_a_template_is_changed_and_deleted(browser, ana):
    template = Template.objects.create(owner=ana, name="Opening", text="Hello")
    address = f"/social/templates/{template.pk}"

    browser.post(address, {"name": "Closing", "text": "Goodbye"})
    template.refresh_from_db()
    assert (template.name, template.text) == ("Closing", "Goodbye")
    browser.post(address, {"delete": "1"})

    assert not Template.objects.exists()


def test_a_seat_is_given_and_taken_back(browser, ana, ben):
    browser.post("/social/team", {"email": "ben@example.test", "role": "author"})
    seat = Seat.objects.get(owner=ana, user=ben)

    assert ben.get_short_name() in browser.get("/social/team").content.decode()
    browser.post(f"/social/team/{seat.pk}/end")

    assert not Seat.objects.exists()


def test_nobody_is_found_under_an_address_that_is_nobodys(browser):
    answer = browser.post("/social/team", {"email": "eve@example.test", "role": "author"})

    assert "Nobody else has an account here" in answer.content.decode()


def test_a_spreadsheet_with_a_report_of_each_line(browser, account):
    rows = f"accounts,text,time\n{account.handle},Good,2027-05-01 09:00\nnobody,Bad,\n"
    file = SimpleUploadedFile("posts.csv", rows.encode(), "text/csv")

    answer = browser.post("/social/import", {"file": file, "timezone": "Asia/Seoul"})

    page = answer.content.decode()
    assert "1 post was written, of 2 lines." in page
    assert "You have no account nobody" in page
    assert Post.objects.get().scheduled_at == datetime(2027, 5, 1, 0, tzinfo=UTC)


def test_a_spreadsheet_that_is_sent_twice_is_imported_once(browser, account):
    rows = f"accounts,text\n{account.handle},Good\n".encode()
    pages = [
        browser.post(
            "/social/import",
            {
                "file": SimpleUploadedFile("posts.csv", rows, "text/csv"),
                "timezone": "UTC",
                "once": "abc",
            },
        )
        for _ in range(2)
    ]

    assert "imported already" in pages[1].content.decode()
    assert Post.objects.count() == 1


def test_a_file_that_is_no_spreadsheet(browser, account):
    file = SimpleUploadedFile("posts.csv", b"\x00\x01", "text/csv")

    answer = browser.post("/social/import", {"file": file, "timezone": "Asia/Seoul"})

    assert "The first line names the columns" in answer.content.decode()
    good = SimpleUploadedFile("posts.csv", f"text,accounts\nGood,{account.handle}".encode())
    again = {"file": good, "timezone": "UTC", "once": answer.context["once"]}
    assert "1 post was written" in browser.post("/social/import", again).content.decode()
