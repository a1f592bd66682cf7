"""The tag that keeps a piece of a page: `{% fragment "footer" %}…{% endfragment %}`."""

from collections.abc import Sequence

from django.conf import settings
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from softfactory.kernel.components.library import register
from softfactory.kernel.fragments import fragments


class FragmentNode(Node):
    """What stands inside, rendered once for each language and value of its key."""

    def __init__(self, key: Sequence[FilterExpression], inside: NodeList) -> None:
        self.key = key
        self.nodelist = inside

    def render(self, context: Context) -> SafeString:
        if settings.DEBUG:  # templates change under a running server
            return self.nodelist.render(context)
        key = (get_language(), *(part.resolve(context) for part in self.key))
        return fragments.get(key, lambda: self.nodelist.render(context))


@register.tag("fragment")
def fragment(parser: Parser, token: Token) -> FragmentNode:
    """Keep what stands inside under a name and all that decides how it looks.

    Nothing about a person may stand in it, nor anything that is not in the key.
    """
    _tag, *key = token.split_contents()
    if not key:
        raise TemplateSyntaxError("A fragment has a name, and after it what it shows.")
    inside = parser.parse(("endfragment",))
    parser.delete_first_token()
    return FragmentNode([parser.compile_filter(part) for part in key], inside)
