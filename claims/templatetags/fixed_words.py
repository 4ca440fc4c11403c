"""How is a fixed sentence of a template translated? Once for each language, not anew wherever it stands.

This is what every template loads as ``i18n``, those of Django and other packages too (``TEMPLATES`` in the settings):
Django's own tags and filters, but for ``translate``, whose result is Django's own. The frame of a page alone holds some
seventy labels, a list of fifty rows five hundred.
"""

from __future__ import annotations

from django.template import Library
from django.template.base import Node, Parser, Token, Variable
from django.template.context import Context
from django.templatetags import i18n
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedWords(Node):
    """A sentence that nothing but the language changes."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.said: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            said = self.said[language] = SafeString(self.node.render(context))
        return said


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Read ``{% translate %}`` as Django does."""
    node = i18n.do_translate(parser, token)
    asked = node.filter_expression
    fixed = isinstance(asked.var, Variable) and asked.var.literal is not None and not asked.filters
    return FixedWords(node) if fixed and node.asvar is None and node.message_context is None else node
