"""The composer: what is typed is stored, shown as it will look, and given a time; or refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sns.models import Media, Post
from softfactory.kernel import clock
from tests.kernel.pictures.drawing import drawn
from tests.sns.makers import make_account, make_post

pytestmark = pytest.mark.django_db

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def account(ana):
    return make_account(ana, slots=[{"weekday": day, "at": "09:00"} for day in range(7)])


@pytest.fixture
def browser(browse, ana):
    return browse(ana)


def form(account, **changes):
    usual = {
        "text": "Kimchi is ready",
        "accounts": [account.pk],
        "when": "queue",
        "timezone": "Asia/Seoul",
        "do": "draft",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def saved(answer):
    assert answer.status_code == 302, answer.context["form"].errors
    return Post.objects.get(pk=answer.url.rpartition("/")[2])


def test_a_draft(browser, account):
    post = saved(browser.post("/social/posts/new", form(account)))

    assert (post.state, post.text) == ("draft", "Kimchi is ready")
    assert [variant.account for variant in post.variants.all()] == [account]


def test_in_the_next_queue_time(browser, account):
    post = saved(browser.post("/social/posts/new", form(account, do="schedule")))

    local = post.scheduled_at.astimezone(SEOUL)
    assert (post.state, local.hour, local.minute) == ("scheduled", 9, 0)
    assert post.publications.get().state == "scheduled"


def test_at_a_time_by_the_clock_of_a_zone(browser, account):
    wish = form(account, do="schedule", when="at", at="2027-07-01T09:30", timezone="Europe/Berlin")

    post = saved(browser.post("/social/posts/new", wish))

    assert post.scheduled_at == datetime(2027, 7, 1, 7, 30, tzinfo=UTC)
    assert post.timezone == "Europe/Berlin"


def test_now(browser, account):
    answer = browser.post("/social/posts/new", form(account, do="schedule", when="now"))

    post = saved(answer)
    assert (post.state, post.scheduled_at <= clock.now()) == ("scheduled", True)
    assert "It is on its way." in browser.get(answer.url).text


def test_the_button_has_words_for_each_time(browser, account):
    page = browser.get("/social/posts/new").text

    for words in ("Schedule", "Add to the queue", "Publish now"):
        assert f">{words}</span>" in page


def test_again_and_again(browser, account):
    wish = {"when": "repeat", "weeks": 2, "weekdays": [1], "repeat_at": "18:00"}

    post = saved(browser.post("/social/posts/new", form(account, do="schedule", **wish)))

    local = post.scheduled_at.astimezone(SEOUL)
    assert (local.weekday(), local.hour) == (1, 18)
    assert post.recurrence["weeks"] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": "at"}, "at"),
        ({"when": "at", "at": "2020-01-01T09:00"}, "at"),
        ({"when": "at", "at": "2027-03-28T02:30", "timezone": "Europe/Berlin"}, "at"),
        ({"when": "at", "at": "soon"}, "at"),
        ({"when": "repeat"}, "weekdays"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"accounts": [999_999]}, "accounts"),
        ({"text": "x" * 20_001}, "text"),
        ({"accounts": None}, "__all__"),
        ({"text": ""}, "__all__"),
    ],
)
def test_a_refusal_stands_where_it_belongs_and_nothing_is_lost(browser, account, changes, field):
    answer = browser.post("/social/posts/new", form(account, do="schedule", **changes))

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Post.objects.exists()
    if "text" not in changes:
        assert "Kimchi is ready" in answer.content.decode()


def test_a_text_of_its_own_for_one_account(browser, ana, account):
    other = make_account(ana)
    wish = form(account, accounts=[account.pk, other.pk], **{f"text_{other.pk}": "Different"})

    post = saved(browser.post("/social/posts/new", wish))

    assert {v.account_id: v.text for v in post.variants.all()} == {
        account.pk: "",
        other.pk: "Different",
    }


def test_pictures_are_kept_and_described(browser, account):
    upload = SimpleUploadedFile("dish.jpg", drawn(), "image/jpeg")
    post = saved(browser.post("/social/posts/new", form(account, files=upload)))
    media = post.pictures.get().media

    wish = form(account, media=[media.pk], **{f"alt_{media.pk}": "Kimchi on rice"})
    browser.post(f"/social/posts/{post.pk}/edit", wish)

    media.refresh_from_db()
    assert media.alt == "Kimchi on rice"
    assert browser.get(f"/social/media/{media.pk}").headers["Content-Type"] == "image/jpeg"


def test_a_picture_is_left_out(browser, account):
    upload = SimpleUploadedFile("dish.jpg", drawn(), "image/jpeg")
    post = saved(browser.post("/social/posts/new", form(account, files=upload)))
    media = post.pictures.get().media

    browser.post(f"/social/posts/{post.pk}/edit", form(account, media=[media.pk], drop=media.pk))

    assert not post.pictures.exists()


def test_what_is_no_picture_is_named(browser, account):
    upload = SimpleUploadedFile("<b>evil.jpg", b"nothing", "image/jpeg")

    answer = browser.post("/social/posts/new", form(account, files=upload))

    assert answer.status_code == 400
    assert "&lt;b&gt;evil.jpg" in answer.content.decode()
    assert not Post.objects.exists()


def test_nobody_shows_another_ones_picture(browser, browse, cho, account):
    upload = SimpleUploadedFile("dish.jpg", drawn(), "image/jpeg")
    browser.post("/social/posts/new", form(account, files=upload))
    media = Media.objects.get()

    stranger = browse(cho)
    assert stranger.get(f"/social/media/{media.pk}").status_code == 404
    own = make_account(cho)
    post = saved(stranger.post("/social/posts/new", form(own, media=[media.pk])))
    assert not post.pictures.exists()


def test_pictures_come_by_htmx_with_their_fields(browser):
    upload = SimpleUploadedFile("dish.png", drawn("PNG"), "image/png")

    answer = browser.post("/social/media", {"files": [upload]})

    media = Media.objects.get()
    assert f'name="alt_{media.pk}"' in answer.content.decode()


def test_the_preview_says_what_a_network_would_not_take(browser, account):
    account.network = "bluesky"
    account.save()

    answer = browser.post(
        "/social/posts/preview", form(account, text="See https://a.example #kimchi")
    )

    (preview,) = answer.context["previews"]
    assert [piece for piece in preview.parts[0].pieces if piece[0]] == [
        ("link", "https://a.example"),
        ("hashtag", "#kimchi"),
    ]
    assert preview.is_taken
    assert not Post.objects.exists()


def test_a_long_text_is_shown_as_the_thread_that_it_becomes(browser, account):
    account.network = "bluesky"
    account.save()

    answer = browser.post("/social/posts/preview", form(account, text="A sentence. " * 60))

    (preview,) = answer.context["previews"]
    assert len(preview.parts) == 3
    assert all(part.length <= 300 for part in preview.parts)


def test_the_same_words_again_are_noticed(browser, ana, account):
    make_post(ana, text="kimchi  IS ready")

    answer = browser.post("/social/posts/preview", form(account))

    assert answer.context["duplicate"] == Post.objects.get()


def test_what_is_typed_is_text_wherever_it_stands(browser, account):
    evil = '<script>alert(1)</script> https://a.example/?"><b>'

    answer = browser.post("/social/posts/preview", form(account, text=evil, title=evil))

    assert "<script>" not in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_editing_keeps_what_it_was(browser, ana, account):
    post = make_post(ana, accounts=[account], text="Before")

    page = browser.get(f"/social/posts/{post.pk}/edit").content.decode()
    saved(browser.post(f"/social/posts/{post.pk}/edit", form(account, text="After")))

    assert ">\nBefore</textarea>" in page
    post.refresh_from_db()
    assert post.text == "After"


def test_a_day_of_the_calendar_begins_a_post(browser, account):
    answer = browser.get("/social/posts/new?on=2027-05-01")

    assert 'value="2027-05-01T09:00"' in answer.content.decode()


def test_without_an_account_one_can_write_a_draft(browser):
    page = browser.get("/social/posts/new").content.decode()

    assert "No account is connected yet" in page
    assert (
        browser.post(
            "/social/posts/new",
            {"text": "Later", "when": "queue", "timezone": "UTC", "do": "draft"},
        ).status_code
        == 302
    )


def test_a_form_that_is_sent_twice_makes_one_post(browser, account):
    wish = form(account, do="schedule", once="abc")

    first, again = (browser.post("/social/posts/new", wish) for _ in range(2))

    assert first.url == again.url
    assert Post.objects.count() == 1
    saved(browser.post("/social/posts/new", {**wish, "once": "def"}))
    assert Post.objects.count() == 2


def test_a_form_that_was_refused_can_be_sent_again(browser, account):
    assert browser.post("/social/posts/new", form(account, text="x" * 20_001, once="abc"))

    saved(browser.post("/social/posts/new", form(account, once="abc")))


def test_a_page_brings_a_key_of_its_own_each_time(browser):
    pages = [browser.get("/social/posts/new").context["once"] for _ in range(2)]

    assert pages[0] != pages[1]
