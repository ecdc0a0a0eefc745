"""Write the code that builds the address of a route once for all applications of the tests.

Werkzeug writes it anew for each application. That is nine tenths of the time to make one, and the tests make
a thousand. The code follows from the rule alone: what belongs to an application, it takes from `self`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def build_each_route_once() -> None:
    """Keep what Werkzeug wrote for a rule."""
    write: Callable[[Rule, bool], Any] = Rule._compile_builder
    kept: dict[tuple[object, ...], Any] = {}

    def write_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = write(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = write_once  # type: ignore[method-assign]
