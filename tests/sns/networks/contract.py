"""What every network does with a post, whatever it is: tests that a network's test file inherits.

It gives `network`, `server` (a peer), `access`, and `shown()`: the texts that are there, in order.
"""

from dataclasses import replace

import pytest

from sns.networks.protocol import NetworkLater, NetworkRefused, NetworkUnsure
from tests.networks.peer import DROP_AFTER, DROP_BEFORE, FAIL, FAIL_AFTER, Command, later
from tests.site import free_port
from tests.sns.posts import make_content


class NetworkContract:
    """Inherited."""

    def publish_surely(self, network, access, content, key):
        """What whoever was unsure once does: look first where keys are not honoured."""
        for _ in range(3):
            found = None if network.honours_keys else network.find(access, content, key)
            if found:
                return
            try:
                network.publish(access, content, key)
            except NetworkUnsure:
                continue

    def test_publishes_once_and_finds_it(self, network, access, shown):
        content = make_content("Kimchi")
        assert network.find(access, content, "k1") is None

        published = network.publish(access, content, "k1")

        assert shown() == ["Kimchi"]
        found = network.find(access, content, "k1")
        assert (found.remote_id, found.url) == (published.remote_id, published.url)
        assert len(published.remote_id) <= 500

    def test_the_same_key_twice_is_one_post(self, network, access, shown):
        first = network.publish(access, make_content("Kimchi"), "k1")
        second = network.publish(access, make_content("Kimchi"), "k1")

        assert shown() == ["Kimchi"]
        assert first.remote_id == second.remote_id

    def test_another_key_is_another_post(self, network, access, shown):
        network.publish(access, make_content("Kimchi"), "k1")
        network.publish(access, make_content("Bulgogi"), "k2")

        assert sorted(shown()) == ["Bulgogi", "Kimchi"]
        assert network.find(access, make_content("Tteok"), "k3") is None

    @pytest.mark.parametrize("command", [DROP_AFTER, DROP_BEFORE, FAIL, FAIL_AFTER])
    def test_whoever_is_unsure_looks_and_it_is_there_once(
        self, network, access, server, shown, command
    ):
        server.commands.append(command)
        with pytest.raises(NetworkUnsure):
            network.publish(access, make_content("Kimchi"), "k1")

        found = network.find(access, make_content("Kimchi"), "k1")
        assert (found is not None) is command.is_recorded
        server.commands.append(command)
        self.publish_surely(network, access, make_content("Kimchi"), "k1")
        assert shown() == ["Kimchi"]

    def test_comes_again_when_it_is_told_to(self, network, access, server, shown):
        server.commands.append(later(7))
        with pytest.raises(NetworkLater) as turned_away:
            network.publish(access, make_content("Kimchi"), "k1")

        assert turned_away.value.retry_at is not None
        assert turned_away.value.answered.status == 429
        assert shown() == []

    def test_a_server_that_is_away_did_nothing(self, network, access):
        nobody = replace(access, server=f"http://127.0.0.1:{free_port()}")
        with pytest.raises(NetworkLater):
            network.publish(nobody, make_content("Kimchi"), "k1")
        with pytest.raises(NetworkLater):
            network.find(nobody, make_content("Kimchi"), "k1")

    def test_a_server_in_trouble_is_no_broken_account(self, network, access, server):
        for status in (500, 502, 503):
            server.commands.append(Command(status))
            with pytest.raises((NetworkLater, NetworkUnsure)):
                network.publish(access, make_content("Kimchi"), "k1")

    def test_is_taken_down_as_often_as_one_likes(self, network, access, shown):
        published = network.publish(access, make_content("Kimchi"), "k1")

        network.delete(access, published.remote_id)
        network.delete(access, published.remote_id)

        assert shown() == []
        assert network.find(access, make_content("Kimchi"), "k1") is None

    def test_addresses_of_ours_are_refused(self, network, settings):
        settings.OUTBOUND_ALLOW = []
        for server in ("http://127.0.0.1", "https://169.254.169.254", "https://localhost"):
            with pytest.raises(NetworkRefused) as refusal:
                network.connect(server, {field.name: "x" for field in network.credentials})
            assert refusal.value.code == "address"


class ThreadContract:
    """Inherited by networks that have threads."""

    def test_a_thread_hangs_together(self, network, access, shown):
        published = network.publish(access, make_content("One", "Two", "Three"), "k1")

        assert shown() == ["One", "Two", "Three"]
        assert len(published.remote_id.split()) == 3
        network.delete(access, published.remote_id)
        assert shown() == []

    @pytest.mark.parametrize("command", [DROP_AFTER, DROP_BEFORE, FAIL_AFTER, later(1)])
    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_a_thread_that_broke_off_goes_on(self, network, access, server, shown, command, at):
        content = make_content("One", "Two", "Three")
        fine = Command(200, is_recorded=True)
        server.commands.extend([*[fine] * at, command])
        with pytest.raises((NetworkUnsure, NetworkLater)):
            network.publish(access, content, "k1")
        whole = at == 2 and command.is_recorded
        assert (network.find(access, content, "k1") is not None) is whole

        published = network.publish(access, content, "k1")

        assert shown() == ["One", "Two", "Three"]
        assert network.find(access, content, "k1").remote_id == published.remote_id

    def test_no_half_of_a_refused_thread_stays(self, network, access, server, shown):
        fine = Command(200, is_recorded=True)
        server.commands.extend([fine, fine, Command(422, {}, {"error": "Invalid"})])
        with pytest.raises(NetworkRefused) as refusal:
            network.publish(access, make_content("One", "Two", "Three"), "k1")

        assert not refusal.value.account_broken
        assert shown() == []
