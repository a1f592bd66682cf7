"""Pictures that people upload: opened with suspicion, made to fit, kept by what is in them.

How an app takes a picture and shows it again, as a menu does:

1. `taken = accept(request.FILES["picture"].read())` (`kernel.pictures.fitting`, imported inside the
   function: it brings Pillow along). It is an encoding of our own of the pixels, upright, without
   a word of what the file said about its maker. Whatever is wrong with the file is a `DomainError`,
   whose words fit under the field.
2. `name = PUBLIC.keep(taken)`, before the row that names it is written: a file that no row names
   does no harm. Store `name`, `taken.width`, `taken.height`, and the words for who can't see it.
3. For narrower screens there is `widths(taken)`: each is kept alike and has a name of its own.
4. Show it by `{% url "media" name %}`: whatever lies on the `PUBLIC` shelf is for everybody and for
   good, since another picture has another name. What lies on `PRIVATE` is shown by a view of the
   app's own, which asks who may see it: `return answer_private(PRIVATE, name)`
   (`kernel.http.pictures`).

An address that takes files is named in `settings.UPLOADS_AT`, and in nginx.conf: elsewhere their
bodies are too large.
"""

from softfactory.kernel.pictures.picture import Limits, Picture
from softfactory.kernel.pictures.shelves import PRIVATE, PUBLIC, SHARED, Shelf

__all__ = ["PRIVATE", "PUBLIC", "SHARED", "Limits", "Picture", "Shelf"]
