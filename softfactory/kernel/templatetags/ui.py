"""The `ui` tag library: every component of the site (see /styleguide/)."""

from softfactory.kernel.components import actions, content, fragments, lists, shell, times
from softfactory.kernel.components.library import register

__all__ = ["actions", "content", "fragments", "lists", "register", "shell", "times"]
