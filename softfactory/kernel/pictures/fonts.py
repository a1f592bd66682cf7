"""Which font of this machine can draw a name, in Korean too."""

from functools import cache
from pathlib import Path

#: Files of a serif that has Korean, or of a sans if there is none, as Debian and Fedora lay them;
#: the number is that of Korea's forms where a file has several.
FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 1),
    ("/usr/share/fonts/google-noto-serif-cjk-vf-fonts/NotoSerifCJK-VF.ttc", 1),
    ("/usr/share/fonts/truetype/nanum/NanumMyeongjoBold.ttf", 0),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 1),
    ("/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf", 0),
)


@cache
def font_file() -> tuple[str, int] | None:
    """Return the file of a font that has Korean, and which of its fonts, None if there is none."""
    return next(((path, which) for path, which in FONTS if Path(path).is_file()), None)
