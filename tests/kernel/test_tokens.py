"""The design tokens: nothing else names a colour or a size, and what is written can be read."""

import math
import re

import pytest
from django.conf import settings

STYLES = settings.BASE_DIR / "static" / "src" / "css"
TOKENS = (STYLES / "tokens.css").read_text()
COLOUR = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"

READ = 4.5  # WCAG 2.2, 1.4.3: text
SEEN = 3.0  # WCAG 2.2, 1.4.11: what one must see to act

SURFACES = ("surface", "surface-raised", "surface-sunken")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-muted", "accent-text") for ground in SURFACES),
    *((ink, ground) for ink in ("positive", "warning", "danger") for ground in SURFACES),
    *((tone, f"{tone}-soft") for tone in ("positive", "warning", "danger")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "positive", "warning", "danger")),
    *(("ink", f"face-{number}") for number in range(1, 7)),
    ("accent-text", "accent-soft"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("danger-ink", "danger"),
    ("leaf-ink", "leaf"),
    ("leaf-muted", "leaf"),
]
SHAPES = [
    *(("line-strong", ground) for ground in SURFACES),
    *(("focus", ground) for ground in SURFACES),
    *((tone, f"{tone}-soft") for tone in ("positive", "warning", "danger")),
]


def colours():
    """Each colour by name: its value by day and by night, as (lightness, chroma, hue)."""
    pattern = rf"--([\w-]+): light-dark\({COLOUR}, {COLOUR}\);"
    found = {}
    for name, *values in re.findall(pattern, TOKENS):
        day, night = values[:3], values[3:]
        found[name] = tuple(map(float, day)), tuple(map(float, night))
    return found


def luminance(colour):
    """Relative luminance of an OKLCH colour (W3C CSS Color 4; WCAG 2.2), clipped to sRGB."""
    lightness, chroma, hue = colour[0] / 100, colour[1], math.radians(colour[2])
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    clipped = [min(max(part, 0), 1) for part in (red, green, blue)]
    return 0.2126 * clipped[0] + 0.7152 * clipped[1] + 0.0722 * clipped[2]


def contrast(one, other):
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast((0, 0, 0), (100, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
def test_text_can_be_read(ink, ground, theme):
    named = colours()
    assert contrast(named[ink][theme], named[ground][theme]) >= READ


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
def test_what_one_acts_on_can_be_seen(shape, ground, theme):
    named = colours()
    assert contrast(named[shape][theme], named[ground][theme]) >= SEEN


def other_styles():
    return [path for path in sorted(STYLES.rglob("*.css")) if path.name != "tokens.css"]


@pytest.mark.parametrize("path", other_styles(), ids=lambda path: path.name)
def test_only_the_tokens_name_colours_and_sizes(path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    css = re.sub(r"@media[^{]*", "", css)  # a query cannot read a custom property

    assert not re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab)a?\(", css)
    assert not re.findall(r"\b\d*\.?\d+(?:px|rem)\b", css)


@pytest.mark.parametrize("path", other_styles(), ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path):
    css = "".join(style.read_text() for style in STYLES.rglob("*.css"))
    named = set(re.findall(r"(--[\w-]+):", css))

    assert set(re.findall(r"var\((--[\w-]+)", path.read_text())) <= named


def test_motion_is_off_for_who_asked():
    assert "prefers-reduced-motion: reduce" in TOKENS
