"""The drawings: small, of one ratio, and nothing but shapes."""

from xml.etree import ElementTree

import pytest
from django.conf import settings

PICTURES = sorted((settings.BASE_DIR / "static" / "src" / "pictures").glob("*.svg"))
SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "use", "defs"}
MOST_BYTES = 8 * 1024


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_drawing_is_small_and_only_shapes(path):
    root = ElementTree.parse(path).getroot()
    _left, _top, width, height = map(float, root.get("viewBox").split())

    assert path.stat().st_size <= MOST_BYTES
    assert width / height == pytest.approx(4 / 3)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= SHAPES
    assert not [e for e in root.iter() if e.get("style") or e.get("class")]
