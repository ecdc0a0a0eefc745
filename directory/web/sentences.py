"""The sentences of templates: gettext, and the marks for words of others, as they go into pages."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any, cast

from flask.templating import Environment as FlaskEnvironment
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

from directory import languages
from directory.languages import ENGLISH, LANGUAGES, Language, spoken

# The functions of `prepare` of which a page calls many.
DIRECT = frozenset(
    {"_", "gettext", "ngettext", "say", "own", "ltr", "term", "typed", "joined", "number", "spoken"}
)


class DirectCalls(CodeGenerator):
    """Has compiled templates call the functions of `prepare` directly: there are hundreds on a page.

    Jinja's own way of calling looks first at what kind of function it is, and takes longer than they do.
    """

    def visit_Call(  # noqa: N802 - the name that Jinja calls
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Write a call."""
        direct = isinstance(node.node, nodes.Name) and node.node.name in DIRECT
        if not direct or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write(f"environment.globals[{cast(nodes.Name, node.node).name!r}](")
        for arg in node.args:
            self.visit(arg, frame)
            self.write(", ")
        for keyword in node.kwargs:
            self.write(f"{keyword.key}=")
            self.visit(keyword.value, frame)
            self.write(", ")
        self.write(")")


class Templates(FlaskEnvironment):
    """Templates that know the names for all of them as one dictionary, made when each is loaded.

    Jinja's own chain of two is compared name by name whenever a template takes macros from another: it is a
    tenth of the time of a page of results.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that a template knows."""
        return {**self.globals, **(d or {})}


# The sentences of templates as they go into pages. There are as many as the templates have.
_marked: dict[Language, dict[str, Markup]] = {one: {} for one in LANGUAGES.values()}


def prepare(environment: Environment) -> None:
    """Give a template environment gettext and the marks for words of others."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {
        "_": _say,
        "gettext": _say,
        "ngettext": _say_many,
        "pgettext": _say_about,
        "N_": languages.N_,
        "spoken": spoken,
        "say": languages.gettext,
        "in_english": _in_english,
        "said": _said,
        "joined": languages.joined,
        "number": languages.say_number,
    }
    marks = {
        "own": languages.own_words,
        "ltr": languages.left_to_right,
        "term": languages.term,
        "typed": languages.typed_words,
    }
    environment.globals |= marks
    environment.filters |= marks
    environment.code_generator_class = DirectCalls


def _say(text: str, **values: object) -> Markup:
    known = _marked[spoken()]
    if text not in known:
        # Our own sentences, which may hold a link; what is filled in is escaped.
        known[text] = Markup(languages.gettext(text))  # noqa: S704
    return known[text] % values if values else known[text]


def _say_many(one: str, many: str, number: int, **values: object) -> Markup:
    return Markup(languages.choose(one, many, number)) % values  # noqa: S704


def _say_about(context: str, text: str, **values: object) -> Markup:
    said = Markup(languages.pgettext(context, text))  # noqa: S704
    return said % values if values else said


def _said(pairs: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Pairs of a value and its words, which were marked where they are listed."""
    return [(value, languages.gettext(words)) for value, words in pairs]


def _in_english() -> Markup:
    """What an element says of itself that is English on every page: an example."""
    return Markup("") if spoken() is ENGLISH else Markup(' lang="en-GB" dir="ltr"')
