"""Alerts in the admin: what staff sets, silences, tests and sends again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.models import Alert, AlertChannel, AlertDelivery, AlertRule, AlertSilence
from monitoring.services.alerts.rounds import judge
from softfactory.kernel import clock
from tests.monitoring.makers import make_channel, make_rule
from tests.receivers import Answer, http_receiver

MODELS = ["alert", "alertchannel", "alertdelivery", "alertrule", "alertsilence"]


@pytest.fixture
def staff(browse, dee):
    """A browser in which staff is signed in."""
    return browse(dee)


@pytest.fixture
def alert(db):
    """An alert that fires, with a delivery that was given up."""
    make_channel()
    rule = make_rule(key="errors", for_seconds=0)
    judge(rule, None, 3.2, now=clock.now())
    AlertDelivery.objects.update(state="failed", attempts=12, last_error="It said 550.")
    return Alert.objects.get()


def page(model, name="changelist", *args):
    return reverse(f"admin:monitoring_{model}_{name}", args=args)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def act(staff, model, action, *rows):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return text_of(staff.post(page(model), chosen, follow=True))


def rule_form(**changes):
    values = {
        "name": "Too slow",
        "key": "too-slow",
        "is_enabled": "on",
        "severity": "warning",
        "metric": "api_response_time",
        "comparison": "above",
        "threshold": "100",
        "for_seconds": "60",
        "window_seconds": "300",
        "recovers_at": "80",
        "recover_seconds": "120",
        "least_requests": "20",
        "look_at": "Slow routes.",
        "look_at_path": "/monitoring/",
    }
    return values | changes


def channel_form(**changes):
    values = {"kind": "email", "address": "dee@example.test", "language": "en", "is_enabled": "on"}
    return values | {"new_secret": ""} | changes


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_searches(staff, alert, dee, model):
    AlertSilence.objects.create(ends_at=clock.now() + timedelta(hours=1), silenced_by=dee)
    text_of(staff.get(page(model)))
    text_of(staff.get(page(model), {"q": "errors"}))


@pytest.mark.parametrize("model", MODELS)
def test_is_no_place_for_others(browse, ana, model):
    assert browse(ana).get(page(model)).status_code == 302


def test_what_happened_is_read_and_not_written(staff, alert):
    for model, row in (("alert", alert), ("alertdelivery", AlertDelivery.objects.get())):
        text = text_of(staff.get(page(model, "change", row.pk)))
        assert 'type="text"' not in text
        assert staff.get(page(model, "add")).status_code == 403
        assert staff.post(page(model, "delete", row.pk)).status_code == 403


def test_an_alert_shows_its_values_and_who_was_told(staff, alert):
    text = text_of(staff.get(page("alert", "change", alert.pk)))
    for part in ("3.2 %", "1 %", "dee@example.test", "It said 550.", "Given up"):
        assert part in text


# --- Rules and silences ---------------------------------------------------------------------


def test_the_rules_of_the_guide_are_there(db):
    seeded = dict(AlertRule.objects.values_list("metric", "threshold"))
    assert seeded["api_response_time"] == 100
    assert seeded["db_query_time"] == 10
    assert seeded["memory_usage"] == 500
    assert seeded["cache_hit_rate"] == 60
    assert seeded["error_rate"] == 1
    burns = AlertRule.objects.filter(metric="slo_burn").order_by("window_seconds")
    assert [(rule.threshold, rule.windows) for rule in burns] == [
        (14.4, (3600, 300)),
        (6, (21600, 1800)),
    ]
    for rule in AlertRule.objects.all():
        rule.full_clean()
        assert rule.look_at


def test_adds_and_edits_a_rule(staff):
    staff.post(page("alertrule", "add"), rule_form())
    rule = AlertRule.objects.get(key="too-slow")
    assert (rule.threshold, rule.version) == (100, 1)
    staff.post(page("alertrule", "change", rule.pk), rule_form(threshold="200"))
    rule.refresh_from_db()
    assert (rule.threshold, rule.version) == (200, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recovers_at": "101"}, "on the good side"),
        ({"comparison": "below", "recovers_at": "99"}, "on the good side"),
        ({"metric": "slo_burn"}, "has an objective"),
        ({"objective": "99.9"}, "Other metrics have neither"),
        (
            {"metric": "slo_burn", "objective": "100", "short_window_seconds": "60"},
            "between 0 and 100",
        ),
        (
            {"metric": "slo_burn", "objective": "99", "short_window_seconds": "300"},
            "within the other one",
        ),
        ({"look_at_path": "https://elsewhere.example/"}, "a path of this site"),
        ({"look_at_path": "//elsewhere.example/"}, "a path of this site"),
        ({"window_seconds": "5"}, "10"),
        ({"key": "invariants"}, "already exists"),
    ],
)
def test_refuses_a_rule_that_makes_no_sense(staff, changes, words):
    text = text_of(staff.post(page("alertrule", "add"), rule_form(**changes)))
    assert words in text
    assert not AlertRule.objects.filter(name="Too slow").exists()


@pytest.mark.parametrize(
    ("action", "hours"),
    [("silence_for_an_hour", 1), ("silence_for_a_shift", 8), ("silence_for_a_day", 24)],
)
def test_silences_rules_and_ends_it(staff, dee, alert, action, hours):
    assert "1 rule is silenced." in act(staff, "alertrule", action, alert.rule)
    held = AlertSilence.objects.get()
    assert (held.rule, held.silenced_by) == (alert.rule, dee)
    assert held.ends_at - held.starts_at == timedelta(hours=hours)
    assert "1 silence is ended." in act(staff, "alertsilence", "end", held)
    held.refresh_from_db()
    assert held.ends_at <= clock.now()


def test_a_silence_of_one_s_own_making(staff, dee):
    times = {"starts_at_0": "2027-03-01", "starts_at_1": "12:00:00"}
    later = {"ends_at_0": "2027-03-01", "ends_at_1": "14:00:00"}
    earlier = {"ends_at_0": "2027-03-01", "ends_at_1": "11:00:00"}
    form = {"rule": "", "reason": "A release."} | times
    assert "ends after" in text_of(staff.post(page("alertsilence", "add"), form | earlier))
    staff.post(page("alertsilence", "add"), form | later)
    held = AlertSilence.objects.get()
    assert (held.rule, held.silenced_by, held.reason) == (None, dee, "A release.")


# --- Channels and deliveries ----------------------------------------------------------------


def test_a_secret_is_shown_while_it_is_made_and_never_again(staff):
    text = text_of(staff.get(page("alertchannel", "add")))
    secret = text.split('name="new_secret" value="')[1].split('"')[0]
    form = channel_form(kind="webhook", address="https://hooks.example/in", new_secret=secret)
    staff.post(page("alertchannel", "add"), form)
    channel = AlertChannel.objects.get()
    assert channel.secret == secret
    for path in (page("alertchannel"), page("alertchannel", "change", channel.pk)):
        assert secret not in text_of(staff.get(path))
    kept = channel_form(kind="webhook", address="https://hooks.example/other")
    staff.post(page("alertchannel", "change", channel.pk), kept)
    channel.refresh_from_db()
    assert (channel.secret, channel.address) == (secret, "https://hooks.example/other")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "webhook", "address": "https://hooks.example/"}, "write a secret"),
        ({"kind": "webhook", "address": "https://h.example/", "new_secret": "x"}, "whsec_"),
        ({"kind": "webhook", "address": "http://hooks.example/"}, "Only https"),
        ({"address": "nobody"}, "valid email"),
    ],
)
def test_refuses_a_channel_that_can_not_be_told(staff, changes, words):
    assert words in text_of(staff.post(page("alertchannel", "add"), channel_form(**changes)))
    assert not AlertChannel.objects.exists()


def test_an_e_mail_address_keeps_no_secret(staff):
    staff.post(page("alertchannel", "add"), channel_form(new_secret="whsec_" + "a" * 44))
    assert AlertChannel.objects.get().secret == ""


def test_sends_tests_and_tells_what_came_of_them(staff, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        good, bad = (make_channel(f"{receiver.url}/{name}") for name in ("good", "bad"))
        assert "took the test" in act(staff, "alertchannel", "test", good)
        receiver.commands.append(Answer(500))
        assert "answered 500" in act(staff, "alertchannel", "test", bad)


def test_sends_again(staff, alert):
    delivery = AlertDelivery.objects.get()
    assert "1 delivery is sent again." in act(staff, "alertdelivery", "repeat", delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)
