"""How large a body may come in, and how small it goes out."""

import gzip

import brotli
import pytest
import zstandard
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import path

from softfactory.kernel.http import bodies
from softfactory.kernel.http.bodies import compress, encode_again, preferred_encoding

TEXT = b"What it does, at length. " * 40
DECODERS = {
    "br": brotli.decompress,
    "zstd": zstandard.decompress,
    "gzip": gzip.decompress,
}


def echo(request):
    return HttpResponse(f"{len(request.body)} bytes")


urlpatterns = [path("echo", echo), path("api/echo", echo)]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br ; q=0.5 , zstd ; q=1.000", "zstd"),
        ("br;q=0, gzip;q=0, zstd;q=0", ""),
        ("*", "br"),
        ("*;q=0.1, gzip;q=0.2", "gzip"),
        ("br;q=0, *", "zstd"),
        ("*;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("deflate", ""),
        ("br;q=nonsense, gzip;q=0.1", "gzip"),
        ("br;q=nan, gzip;q=inf, zstd;q=0.1", "zstd"),
        ("br;level=9", ""),
        (",;=,;;q=1,", ""),
    ],
)
def test_the_client_chooses(accepted, encoding):
    assert preferred_encoding(accepted) == encoding


@pytest.mark.parametrize("encoding", DECODERS)
def test_bodies_and_encodings_that_were_had_before_are_apart(encoding):
    for body in (TEXT, TEXT + b".", TEXT):
        assert DECODERS[encoding](encode_again(encoding, body)) == body


def test_encoding_again_takes_nothing_from_the_encoder(monkeypatch):
    once = encode_again("br", TEXT)
    monkeypatch.setitem(bodies.ENCODERS, "br", None)
    assert encode_again("br", TEXT) == once


def compressed(body=TEXT, encoding="br", **values):
    request = RequestFactory().get("/", headers={"Accept-Encoding": encoding})
    return compress(request, HttpResponse(body, **values))


@pytest.mark.parametrize("encoding", DECODERS)
def test_a_body_comes_out_as_it_went_in(encoding):
    response = compressed(encoding=encoding)

    assert response.headers["Content-Encoding"] == encoding
    assert DECODERS[encoding](response.content) == TEXT
    assert int(response.headers["Content-Length"]) == len(response.content) < len(TEXT)
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "values",
    [
        {"body": b"x" * 499},
        {"content_type": "image/png"},
        {"headers": {"Content-Encoding": "gzip"}},
        {"encoding": ""},
    ],
)
def test_what_would_not_gain_goes_out_as_it_is(values):
    response = compressed(**values)

    assert response.content == values.get("body", TEXT)
    assert response.headers.get("Content-Encoding") == values.get("headers", {}).get(
        "Content-Encoding"
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=utf-8",
        "text/calendar",
        "application/json",
        "application/problem+json",
        "application/vnd.oai.openapi+json; charset=utf-8",
        "image/svg+xml",
    ],
)
def test_texts_gain(content_type):
    assert "Content-Encoding" in compressed(content_type=content_type).headers


def test_500_bytes_are_enough():
    assert "Content-Encoding" in compressed(body=b"x" * 500).headers


def test_a_stream_is_left_alone():
    request = RequestFactory().get("/", headers={"Accept-Encoding": "br"})
    response = compress(request, StreamingHttpResponse([TEXT]))

    assert b"".join(response) == TEXT


@pytest.mark.parametrize(("etag", "encoded"), [('"3.ab"', '"3.ab-br"'), ('W/"3.ab"', 'W/"3.ab"')])
def test_a_strong_tag_says_which_encoding_it_is_of(etag, encoded):
    assert compressed(headers={"ETag": etag}).headers["ETag"] == encoded


def test_one_body_has_one_compressed_form():
    assert compressed(encoding="gzip").content == compressed(encoding="gzip").content


@pytest.mark.urls(__name__)
class TestLimit:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def post(self, client, url, size, **extra):
        body = b"x" * size
        return client.post(url, body, content_type="application/octet-stream", **extra)

    def test_a_body_of_the_limit_passes(self, client):
        answer = self.post(client, "/echo", self.limit)
        assert answer.content == b"1000000 bytes"

    def test_a_larger_one_is_413_for_programs(self, client):
        answer = self.post(client, "/api/echo", self.limit + 1)

        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "too_large"

    def test_and_for_people(self, client):
        answer = self.post(client, "/echo", 2_000_000)

        assert answer.status_code == 413
        assert answer.headers["Content-Type"].startswith("text/html")

    @pytest.mark.parametrize("length", ["", "nonsense", "-5", "9" * 30])
    def test_a_length_that_is_none_is_no_error_of_ours(self, client, length):
        answer = client.get("/api/echo", CONTENT_LENGTH=length)

        assert answer.status_code in {200, 413}

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_a_body_in_chunks_is_asked_for_its_length(self, client, method):
        answer = client.generic(
            method, "/api/echo", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH=""
        )

        assert answer.status_code == 411
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "length_required"

    def test_whoever_reads_may_say_so(self, client):
        answer = client.get("/api/echo", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")

        assert answer.status_code == 200
