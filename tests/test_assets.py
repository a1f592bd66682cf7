"""static/built/ is committed, so that a clone needs no Node: these hold it to its sources."""

import json
from hashlib import sha256

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
BUILT = ROOT / "static" / "built"


@pytest.fixture(scope="module")
def manifest():
    """Names of the built files by their sources' names, and the digest of the sources."""
    return json.loads((BUILT / "manifest.json").read_text())


def digest_of_sources():
    """The same digest that bin/build-assets.mjs writes: of sha256sum's lines, by path."""
    files = [path for path in (ROOT / "static" / "src").rglob("*") if path.is_file()]
    names = sorted(
        path.relative_to(ROOT).as_posix() for path in [*files, ROOT / "package-lock.json"]
    )
    lines = (f"{sha256((ROOT / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    return sha256("".join(lines).encode()).hexdigest()


def test_the_build_is_of_these_sources(manifest):
    assert manifest["sources"] == digest_of_sources(), "run `make assets` and commit static/built"


def test_every_named_file_is_there_and_nothing_stale(manifest):
    named = {name for source, name in manifest.items() if source != "sources"}
    there = {path.name.removesuffix(".br").removesuffix(".gz") for path in BUILT.iterdir()}
    chunks = {name for name in there if name.startswith("chunk-")}

    assert {"app.css", "app.js"} <= manifest.keys()
    assert there - chunks - {"manifest.json"} == named - chunks


def test_text_is_compressed_beforehand():
    texts = [path for path in BUILT.iterdir() if path.suffix in {".css", ".js"}]

    assert texts
    for path in texts:
        assert path.with_name(f"{path.name}.br").exists()
        assert path.with_name(f"{path.name}.gz").exists()
