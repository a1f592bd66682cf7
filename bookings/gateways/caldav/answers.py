"""What WebDAV servers answer (RFC 4918, 13): properties of resources, as XML.

A document that declares a type is refused, and with it every entity: none of them has reason to.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser  # nosec B405

from django.utils.translation import gettext as _

from bookings.gateways.caldav.calls import XML, Access, CalDavError, call, failure, gone
from softfactory.kernel.outbound import Reply

DAV, CAL, CS = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
NAMES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'
)


class Resource(NamedTuple):
    """What a server says of one thing that it has."""

    href: str
    properties: Mapping[str, Element]  # those that it has, by name

    def text(self, name: str) -> str:
        """Return the text of a property, "" if there is none."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def linked(self, name: str) -> str:
        """Return the first address in a property, "" if there is none."""
        found = self.properties.get(name)
        link = found.find(f"{DAV}href") if found is not None else None
        return (link.text or "").strip() if link is not None else ""

    def is_a(self, kind: str) -> bool:
        """Tell whether its type is, among others, this one."""
        found = self.properties.get(f"{DAV}resourcetype")
        return found is not None and found.find(kind) is not None


class _Plain(TreeBuilder):
    def doctype(self, *_declared: Any) -> None:
        raise ParseError("a type of document")


def read_xml(body: bytes) -> Element:
    """Return the document that this is. Raises ParseError."""
    parser = XMLParser(target=_Plain())  # nosec B314
    parser.feed(body)
    root = parser.close()
    if not isinstance(root, Element):
        raise ParseError("nothing")
    return root


def propfind(access: Access, url: str, wanted: str, *, depth: int = 0) -> list[Resource]:
    """Return what a server has at an address, with these properties. Raises CalDavError."""
    body = f"<D:propfind {NAMES}><D:prop>{wanted}</D:prop></D:propfind>".encode()
    headers = {"Depth": str(depth), "Content-Type": XML}
    return resources(call("PROPFIND", url, access, body=body, headers=headers), access)


def resources(reply: Reply, access: Access) -> list[Resource]:
    """Return what an answer of many parts lists. Raises CalDavError if it is none."""
    if reply.status in (404, 410):
        raise gone(access)
    if reply.status != 207:
        raise failure(reply, access)
    try:
        root = read_xml(reply.body)
    except (ParseError, ValueError, LookupError):
        message = _("%(host)s did not answer as a calendar's server does. Check the address.")
        raise CalDavError(message % {"host": access.host}) from None
    return [_resource(part) for part in root.iterfind(f"{DAV}response")]


def _resource(part: Element) -> Resource:
    found: dict[str, Element] = {}
    for group in part.iterfind(f"{DAV}propstat"):
        if " 200 " in f"{group.findtext(f'{DAV}status')} ":
            found |= {element.tag: element for element in group.iterfind(f"{DAV}prop/*")}
    return Resource((part.findtext(f"{DAV}href") or "").strip(), found)
