"""The way out: to the address that was looked at, by https, for so long, and nowhere else."""

import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import (
    Limits,
    OutboundError,
    Refused,
    TimedOut,
    TooLarge,
    Unreachable,
    call,
)
from softfactory.kernel.targets import Target, is_public
from tests.receivers import DROP, HANG, TRICKLE, TRICKLED_HEADERS, Answer, http_receiver
from tests.site import free_port

SHORT = Limits(connect=2, read=0.3, total=0.6)
PUBLIC = "93.184.215.14"


@pytest.fixture
def receiver():
    """An HTTP server on loopback."""
    with http_receiver() as server:
        yield server


@pytest.fixture
def allowed(settings):
    """Loopback may be called."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]


@pytest.fixture
def names(monkeypatch):
    """What each name means; a list is worked off, one meaning a look-up. Other names mean
    nothing.
    """
    known = {}
    real = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        meanings = known.get(host)
        if meanings is None:
            return real(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        addresses = meanings.pop(0)
        return [row for a in addresses for row in real(a, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def connections(monkeypatch):
    """Where connections went; none of them gets there."""
    tried = []

    def connect(_self, address):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbound._PlainSocket, "connect", connect, raising=False)
    return tried


# --- Which addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.9",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
    ],
)
def test_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "2a00:1450::1"])
def test_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "0",
        "127.0.0.1.",
        "[::1]",
        "[0:0::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "169.254.169.254",
        "10.0.0.8",
    ],
)
def test_refuses_what_is_not_public_however_it_is_spelled(host, names, connections):
    with pytest.raises(Refused, match="public"):
        call("GET", f"https://{host}/")
    assert connections == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "chef.example",
        "//chef.example/",
        "https://",
        "https:///path",
        "https://chef.example:99999/",
        "https://chef.example:port/",
        "https://chef..example/",
        "https://-chef.example/",
        "https://chef.example\\@127.0.0.1/",
        "https://chef.example/a b",
        "https://chef.example/\r\nX: y",
        "https://chef.example/\x00",
        "https://[fe80::1%25lo]/",
        "https://[::1%lo]/",
        "https://[::1",
        "https://[v1.x]/",
        "https://１２７.0.0.1/",
        "https://chef%2eexample/",
    ],
)
def test_refuses_what_is_no_address(url, connections):
    with pytest.raises(Refused, match=r"no address|Only https"):
        call("GET", url)
    assert connections == []


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "169.254.169.254", "[fe80::1]", "redis"])
def test_knows_without_asking_what_can_only_be_here(host):
    with pytest.raises(Refused, match="not on the public Internet"):
        Target.of(f"https://{host}/")


def test_an_address_of_the_public_internet_need_not_be_a_name():
    assert Target.of("https://1.1.1.1/").host == "1.1.1.1"


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "gopher", "ws"])
def test_refuses_other_schemes(scheme, connections):
    with pytest.raises(Refused, match="Only https"):
        call("GET", f"{scheme}://chef.example/")
    assert connections == []


def test_refuses_user_and_password(connections):
    with pytest.raises(Refused, match="Leave them out") as refusal:
        call("GET", "https://ana:a-secret@chef.example/")
    assert "a-secret" not in str(refusal.value)
    assert connections == []


def test_refuses_a_name_one_of_whose_addresses_is_not_public(names, connections):
    names["chef.example"] = [[PUBLIC, "127.0.0.1"]]
    with pytest.raises(Refused):
        call("GET", "https://chef.example/")
    assert connections == []


def test_goes_to_the_address_that_was_looked_at(names, connections):
    names["chef.example"] = [[PUBLIC], ["127.0.0.1"]]  # the second time it would mean this machine
    with pytest.raises(Unreachable):
        call("GET", "https://chef.example/")
    assert connections == [(PUBLIC, 443)]
    assert names["chef.example"] == [["127.0.0.1"]]


def test_tries_every_address(names, connections):
    names["chef.example"] = [[PUBLIC, "1.1.1.1"]]
    with pytest.raises(Unreachable):
        call("GET", "https://chef.example:8443/")
    assert connections == [(PUBLIC, 8443), ("1.1.1.1", 8443)]


def test_a_name_without_address_is_unreachable(names):
    with pytest.raises(Unreachable, match=r"nowhere\.example"):
        call("GET", "https://nowhere.example/secret-path")


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: release.wait() and [])
    with pytest.raises(TimedOut):
        call("GET", "https://chef.example/", limits=SHORT)
    release.set()


# --- What is allowed besides ----------------------------------------------------------------


def test_loopback_is_refused_unless_it_is_listed(receiver):
    with pytest.raises(Refused):
        call("GET", receiver.url)
    assert receiver.received == []


@pytest.mark.usefixtures("allowed")
def test_calls_what_is_listed_by_plain_http(receiver):
    receiver.commands.append(Answer(200, {"X-Kind": "test"}, b"hello"))
    reply = call("POST", f"{receiver.url}/in?a=1", body=b"{}", headers={"Content-Type": "x/y"})
    assert reply.status == 200
    assert reply.headers["x-kind"] == "test"
    assert reply.body == b"hello"
    (request,) = receiver.received
    assert (request.method, request.path, request.body) == ("POST", "/in?a=1", b"{}")
    assert request.headers["content-type"] == "x/y"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_listed_name_keeps_its_name(receiver, names, settings):
    settings.OUTBOUND_ALLOW = ["Peer.Test"]
    names["peer.test"] = [["127.0.0.1"]]
    call("GET", f"http://PEER.test:{receiver.port}/")
    assert receiver.received[0].headers["host"] == f"peer.test:{receiver.port}"


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("host", ["2130706433", "localhost", "[::1]", "127.0.0.2"])
def test_a_list_means_the_host_as_it_is_written(host):
    with pytest.raises(Refused):
        call("GET", f"http://{host}:1/")


def test_an_ipv6_address_is_listed_with_or_without_brackets(settings):
    for listed in ("::1", "[::1]"):
        settings.OUTBOUND_ALLOW = [listed]
        assert Target.of("http://[0::1]:80/") == ("http", "::1", 80, "/", True)


@pytest.mark.usefixtures("allowed")
def test_the_environment_names_no_proxy(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert call("GET", receiver.url).status == 204


# --- What comes back ------------------------------------------------------------------------


@pytest.mark.usefixtures("allowed")
def test_a_redirect_is_an_answer_and_nobody_follows_it(receiver):
    receiver.commands.append(Answer(302, {"Location": f"{receiver.url}/metadata"}))
    assert call("GET", receiver.url).status == 302
    assert len(receiver.received) == 1


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("command", [HANG, TRICKLE, TRICKLED_HEADERS])
def test_a_slow_answer_ends_in_time(receiver, command):
    receiver.commands.append(command)
    with pytest.raises(TimedOut, match=r"127\.0\.0\.1"):
        call("GET", receiver.url, limits=SHORT)


@pytest.mark.usefixtures("allowed")
def test_a_broken_answer_is_unreachable(receiver):
    receiver.commands.extend([DROP, Answer(200, {"Content-Length": "5"}, b"")])
    with pytest.raises(Unreachable):
        call("GET", receiver.url)


@pytest.mark.usefixtures("allowed")
def test_nobody_at_that_port_is_unreachable():
    with pytest.raises(Unreachable):
        call("GET", f"http://127.0.0.1:{free_port()}/")


@pytest.mark.usefixtures("allowed")
def test_tells_whether_the_request_may_have_arrived(receiver):
    receiver.commands.extend([DROP, HANG])
    for url, expected in [
        (f"http://127.0.0.1:{free_port()}/", False),
        ("https://127.0.0.1.example.invalid/", False),
        (receiver.url, True),
        (receiver.url, True),
    ]:
        with pytest.raises(OutboundError) as failure:
            call("POST", url, body=b"x", limits=SHORT)
        assert failure.value.may_have_arrived is expected
    assert len(receiver.received) == 2


@pytest.mark.usefixtures("allowed")
def test_an_answer_has_a_size(receiver):
    receiver.commands.extend([Answer(200, {}, b"x" * 1000), Answer(200, {}, b"x" * 1001)])
    limits = Limits(most_bytes=1000)
    assert len(call("GET", receiver.url, limits=limits).body) == 1000
    with pytest.raises(TooLarge, match="1000"):
        call("GET", receiver.url, limits=limits)


@pytest.mark.usefixtures("allowed")
def test_a_header_holds_no_line_end(receiver):
    with pytest.raises(ValueError, match="header"):
        call("GET", receiver.url, headers={"X": "a\r\nHost: b"})
    assert receiver.received == []


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("command", [HANG, DROP])
def test_errors_name_no_path(receiver, command):
    receiver.commands.append(command)
    with pytest.raises(OutboundError) as failure:
        call("POST", f"{receiver.url}/hook/a-secret?key=a-secret", limits=SHORT)
    assert "a-secret" not in str(failure.value)
    assert failure.value.__cause__ is None


# --- TLS ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for peer.test alone, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer.test")])
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(clock.now() - day)
        .not_valid_after(clock.now() + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("peer.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = tmp_path_factory.mktemp("tls") / "both.pem"
    both.write_bytes(private + certificate.public_bytes(pem))
    return both


@pytest.fixture
def tls_receiver(receiver, certificate, names, settings):
    """The server speaks TLS as peer.test, and notes the names it is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.asked_for = []
    context.sni_callback = lambda _socket, name, _context: receiver.asked_for.append(name)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    settings.OUTBOUND_ALLOW = ["peer.test", "other.test"]
    names["peer.test"] = names["other.test"] = [["127.0.0.1"]]
    return receiver


def test_speaks_tls_with_the_name_and_not_the_address(tls_receiver, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    reply = call("GET", f"https://peer.test:{tls_receiver.port}/")
    assert reply.status == 204
    assert tls_receiver.asked_for == ["peer.test"]
    assert tls_receiver.received[0].headers["host"] == f"peer.test:{tls_receiver.port}"


def test_a_certificate_of_another_name_is_refused(tls_receiver, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unreachable, match="prove"):
        call("GET", f"https://other.test:{tls_receiver.port}/")
    assert tls_receiver.received == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_receiver):
    with pytest.raises(Unreachable, match="prove"):
        call("GET", f"https://peer.test:{tls_receiver.port}/")


def test_a_slow_answer_by_tls_ends_in_time(tls_receiver, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls_receiver.commands.append(TRICKLE)
    with pytest.raises(TimedOut):
        call("GET", f"https://peer.test:{tls_receiver.port}/", limits=SHORT)


def test_a_handshake_that_hangs_ends_in_time(names, settings):
    settings.OUTBOUND_ALLOW = ["peer.test"]
    names["peer.test"] = [["127.0.0.1"]]
    with socket.create_server(("127.0.0.1", free_port())) as silent:
        url = f"https://peer.test:{silent.getsockname()[1]}/"
        with pytest.raises(TimedOut):
            call("GET", url, limits=Limits(connect=0.3, total=0.6))
