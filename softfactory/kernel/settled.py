"""Settings, looked up as the attributes of any object are once they have been read.

Django's lazy objects look at each attribute a second time, in case it is a method of theirs that
hides one of what they stand for. Settings have no methods; a request asks for some eighty of them.
"""

from django.conf import LazySettings


def look_up_settings_plainly() -> None:
    """Look only once, in this process."""
    # A method of Django's class is replaced, as every module has the one object of it by now.
    LazySettings.__getattribute__ = object.__getattribute__  # type: ignore[method-assign]
