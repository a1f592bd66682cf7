"""What the two sides of a booking are told by e-mail, by a real mail server."""

from datetime import timedelta

import pytest
from django.test import override_settings

from bookings.models import Booking, Letter
from bookings.services import deciding
from bookings.services.completing import complete_over
from bookings.services.letters import forget_letters, remind
from bookings.services.messaging import MOST, write_message
from bookings.services.requesting import BookingRequest, request_booking
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.services.sweeping import expire_bookings
from bookings.tasks import post_letters
from bookings.tasks.posting import LEASE, WAITS
from softfactory import settings as site
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, DomainError, Forbidden
from tests.bookings.answers import problem, wrong_fields
from tests.makers import make_booking, make_chef, make_policy, noon_utc
from tests.receivers import mail_receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    """A mail server that receives what is sent, on loopback."""
    with (
        mail_receiver() as receiver,
        override_settings(MAILERS={"default": site.mailer(f"smtp://127.0.0.1:{receiver.port}")}),
    ):
        yield receiver


@pytest.fixture
def booking(ana, chef):
    """What Ana asked Ben's chef for."""
    return make_booking(chef, ana)


def received(post, now=None):
    """Let what is due be sent; return what came, by receiver and subject, and forget it."""
    post_letters(now or clock.now())
    found = [(str(mail["To"]), str(mail["Subject"]).rpartition(": ")[2]) for mail in post.received]
    post.received.clear()
    return sorted(found)


def text_of(mail):
    return mail.get_content()


def test_both_sides_hear_of_a_request_each_in_their_language(post, ana, ben, chef):
    ben.language = "ko"
    ben.save()
    request = BookingRequest(chef_id=chef.pk, starts_at=noon_utc())
    booking = request_booking(customer=ana, request=request, now=clock.now())

    assert post_letters(clock.now()) == 2
    letters = {str(mail["To"]): mail for mail in post.received}
    assert letters.keys() == {ana.email, ben.email}
    assert "has your request and will accept or decline it" in text_of(letters[ana.email])
    assert "(Asia/Seoul)" in text_of(letters[ana.email])
    for mail in letters.values():
        assert f"/coocook/bookings/{booking.pk}" in text_of(mail)
        assert mail["Auto-Submitted"] == "auto-generated"
    assert f"/ko/coocook/bookings/{booking.pk}" in text_of(letters[ben.email])


@pytest.mark.parametrize(
    ("decide", "by", "told"),
    [
        (deciding.confirm_booking, "ben", [("ana@example.test", "confirmed")]),
        (deciding.decline_booking, "ben", [("ana@example.test", "declined")]),
        (
            deciding.cancel_booking,
            "ana",
            [("ana@example.test", "cancelled"), ("ben@example.test", "cancelled")],
        ),
    ],
)
def test_a_change_is_told_once(post, request, booking, decide, by, told):
    decide(booking=booking, by=request.getfixturevalue(by), now=clock.now())

    assert received(post) == told
    assert received(post) == []


def test_what_is_rolled_back_is_not_told(post, ana, ben, booking):
    deciding.decline_booking(booking=booking, by=ben, now=clock.now())
    with pytest.raises(Conflict):
        deciding.confirm_booking(booking=booking, by=ben, now=clock.now())
    assert received(post) == [("ana@example.test", "declined")]


def test_an_unanswered_request_is_told_and_a_lapsed_hold_is_not(post, ana, chef):
    now = clock.now()
    make_booking(chef, ana, starts_at=noon_utc(-1))
    make_booking(chef, ana, starts_at=noon_utc(3), status="held", expires_at=now)

    assert expire_bookings(now) == 2
    assert received(post) == [
        ("ana@example.test", "not answered in time"),
        ("ben@example.test", "not answered in time"),
    ]


def test_a_message_is_sent_to_the_other_side(post, ana, ben, booking):
    write_message(booking=booking, author=ana, text="Bring <knives>.", now=clock.now())
    post_letters(clock.now())

    [mail] = post.received
    assert mail["To"] == ben.email
    assert "Ana writes:\n\nBring <knives>." in text_of(mail).replace("\r\n", "\n")
    assert f"/coocook/bookings/{booking.pk}#messages" in text_of(mail)


def test_a_name_with_a_line_break_is_no_header(post, ana, ben, booking):
    booking.chef.name = "Nari\nBcc: all@example.test"
    booking.chef.save()
    write_message(booking=booking, author=ana, text="Hello.", now=clock.now())
    post_letters(clock.now())
    [mail] = post.received
    assert mail["Bcc"] is None
    assert "Nari Bcc: all@example.test" in mail["Subject"]


def test_who_left_gets_no_letter(post, ana, ben, booking):
    ben.is_active = False
    ben.save()
    write_message(booking=booking, author=ana, text="Hello.", now=clock.now())
    assert received(post) == []
    assert not Letter.objects.due(now=clock.now() + timedelta(days=9)).exists()


def test_what_the_server_does_not_take_is_sent_again_and_at_last_given_up(post, ana, booking):
    now = clock.now()
    write_message(booking=booking, author=ana, text="Hello.", now=now)
    post.replies.extend(["451 Later"] * 2)

    assert post_letters(now) == 0
    assert post_letters(now) == 0  # not before it is due
    assert post_letters(now + WAITS[0]) == 0
    assert post_letters(now + WAITS[0] + WAITS[1]) == 1
    post.received.clear()

    write_message(booking=booking, author=ana, text="Hello?", now=now)
    post.replies.extend(["550 No"] * 20)
    for wait in (*WAITS, timedelta()):
        post_letters(now)
        now += wait
    given_up = Letter.objects.order_by("pk").last()
    assert (given_up.due_at, given_up.sent_at, given_up.tries) == (None, None, len(WAITS) + 1)


def test_of_two_clocks_one_sends(post, ana, booking, monkeypatch):
    now = clock.now()
    write_message(booking=booking, author=ana, text="Hello.", now=now)
    [letter] = Letter.objects.all()

    assert Letter.objects.claim(letter, now=now, lease=LEASE)
    assert not Letter.objects.claim(letter, now=now, lease=LEASE)
    assert post_letters(now) == 0
    assert post_letters(now + LEASE) == 1  # the first one died


def test_both_are_reminded_once_a_day_before(post, ana, ben, chef):
    now = clock.now()
    tomorrow = noon_utc(0) + timedelta(days=1 if noon_utc(0) < now else 0)
    early = now - timedelta(days=9)
    booking = make_booking(chef, ana, starts_at=tomorrow, status="confirmed", decided_at=early)
    make_booking(chef, ana, starts_at=noon_utc(5), status="confirmed", decided_at=early)
    make_booking(make_chef(ben), ana, starts_at=tomorrow, decided_at=early)

    at = tomorrow - timedelta(hours=23)
    assert (remind(at), remind(at)) == (1, 0)
    told = [("ana@example.test", "a reminder"), ("ben@example.test", "a reminder")]
    assert received(post, at) == told

    moved = NewTime(noon_utc(6))
    version = Booking.objects.get(pk=booking.pk).version
    assert version == booking.version  # a reminder is no edit
    reschedule_booking(booking=booking, by=ben, to=moved, now=now)
    later = noon_utc(6) - timedelta(hours=2)
    assert remind(later) == 2 - 1 + (noon_utc(5) > later)
    assert received(post, later) == told


def test_nobody_is_reminded_of_what_was_called_off_meanwhile(post, ana, chef):
    now = clock.now()
    booking = make_booking(
        chef, ana, starts_at=noon_utc(2), status="confirmed", decided_at=now - timedelta(days=9)
    )
    at = noon_utc(2) - timedelta(hours=5)
    assert remind(at) == 1
    Booking.objects.filter(pk=booking.pk).update(status="cancelled")
    assert received(post, at) == []


def test_who_booked_a_moment_ago_is_not_reminded(chef, ana):
    at = noon_utc(2) - timedelta(hours=5)
    make_booking(chef, ana, starts_at=noon_utc(2), status="confirmed", decided_at=at)
    assert remind(at) == 0


def test_letters_are_forgotten_after_a_month(post, ana, booking):
    now = clock.now()
    write_message(booking=booking, author=ana, text="Hello.", now=now)
    assert forget_letters(now + timedelta(days=31)) == 0  # it was not sent
    received(post)
    assert forget_letters(now + timedelta(days=29)) == 0
    assert forget_letters(now + timedelta(days=31)) == 1


# --- Messages -------------------------------------------------------------------------------


def test_the_api_of_messages(api, ana, ben, cho, booking):
    path = f"/api/coocook/bookings/{booking.pk}/messages"
    sent = api(ana).post(path, {"text": "Which kitchen?"})
    assert sent.status_code == 201
    api(ben).post(path, {"text": "Yours."})

    rows = api(ben).get(path).json()["results"]
    assert [(row["author_id"], row["text"]) for row in rows] == [
        (ben.pk, "Yours."),
        (ana.pk, "Which kitchen?"),
    ]
    assert problem(api(cho).get(path)) == (404, "not_found")
    assert problem(api(cho).post(path, {"text": "Me too."})) == (404, "not_found")
    for text in ("", "x" * 4001, 7, None):
        assert "text" in wrong_fields(api(ana).post(path, {"text": text}))


def test_one_sent_twice_under_a_key_is_one(api, ana, booking):
    client, path = api(ana), f"/api/coocook/bookings/{booking.pk}/messages"
    for _time in range(2):
        client.post(path, {"text": "Hello."}, HTTP_IDEMPOTENCY_KEY="a")
    assert len(client.get(path).json()["results"]) == 1
    assert Letter.objects.count() == 1


def test_nobody_else_writes_and_nobody_about_a_hold(ana, cho, chef, booking):
    now = clock.now()
    with pytest.raises(Forbidden):
        write_message(booking=booking, author=cho, text="Hi.", now=now)
    held = make_booking(chef, ana, starts_at=noon_utc(3), status="held", expires_at=noon_utc(1))
    with pytest.raises(Conflict):
        write_message(booking=held, author=ana, text="Hi.", now=now)


def test_there_is_an_end_to_writing(ana, booking, monkeypatch):
    assert MOST > 100
    monkeypatch.setattr("bookings.services.messaging.MOST", 2)
    for _time in range(2):
        write_message(booking=booking, author=ana, text="Hi.", now=clock.now())
    with pytest.raises(Conflict, match="no more can be kept"):
        write_message(booking=booking, author=ana, text="Hi.", now=clock.now())


def test_the_page_shows_them_and_writes_one(browse, ana, ben, booking):
    write_message(booking=booking, author=ben, text="Whose <kitchen>?", now=clock.now())
    browser, page = browse(ana), f"/coocook/bookings/{booking.pk}"

    answer = browser.post(f"{page}/messages", {"text": "Mine."})
    assert answer.url == f"{page}#messages"
    shown = browser.get(page)
    assert [message.text for message in shown.context["said"]] == ["Whose <kitchen>?", "Mine."]
    assert "Whose &lt;kitchen&gt;?" in shown.content.decode()
    assert browser.post(f"{page}/messages", {"text": " "}, follow=True).status_code == 200
    assert browse(ana).get(page).context["said"][-1].text == "Mine."


# --- Nobody came, and what completes itself -------------------------------------------------


def test_a_chef_says_that_nobody_came(api, post, ana, ben, chef):
    begun = make_booking(chef, ana, starts_at=noon_utc(-1), status="confirmed")
    path = f"/api/coocook/bookings/{begun.pk}/no-show"

    assert problem(api(ana).post(path)) == (403, "not_the_chef")
    assert api(ben).post(path).json()["status"] == "no_show"
    assert problem(api(ben).post(path)) == (409, "wrong_state")
    assert received(post) == [("ana@example.test", "nobody was there")]


def test_not_before_one_has_waited(ana, ben, chef):
    booking = make_booking(chef, ana, status="confirmed")
    now = booking.starts_at + timedelta(minutes=29)
    with pytest.raises(DomainError) as caught:
        deciding.mark_no_show(booking=booking, by=ben, now=now)
    assert caught.value.code == "too_early"


def test_a_visit_completes_itself_after_three_days(post, ana, ben, chef):
    over = make_booking(chef, ana, starts_at=noon_utc(-4), status="confirmed")
    recent = make_booking(chef, ana, starts_at=noon_utc(-2), status="confirmed")
    make_booking(chef, ana, starts_at=noon_utc(-5), status="no_show")

    assert complete_over(clock.now()) == 1
    assert complete_over(clock.now()) == 0
    assert Booking.objects.get(pk=over.pk).status == "completed"
    assert Booking.objects.get(pk=recent.pk).status == "confirmed"
    assert received(post) == [("ana@example.test", "how was it?")]
    assert make_policy(chef)
