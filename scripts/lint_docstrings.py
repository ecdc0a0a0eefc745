"""Check the docstrings of geodata, and that no file, function or list of parameters has grown too long.

Each fault is one line, `file:line: what is wrong`. The exit code is 1 when there is any.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType

from numpydoc.docscrape import ClassDoc
from numpydoc.validate import validate

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "geodata"

# What numpydoc asks for and this project does not, each with the reason. All else is a fault.
LEFT_OUT = {
    "ES01": "one line is often enough; a second paragraph for its own sake helps nobody",
    "SA01": "a See also section grows stale, and the names in the text are links enough",
    "EX01": "examples are given where they say more than words, not everywhere",
}

MOST_LINES = {"directory": 300, "geodata": 300, "scripts": 300, "templates": 150, "tests": 400}
MOST_FUNCTION_LINES = 40
MOST_PARAMETERS = 6
# Migrations are a record of what was done: each is written once and never edited.
EXEMPT = ("directory/migrations/versions/",)
FILES = {"templates": "*.html"}
FUNCTIONS_IN = ("directory", "geodata", "scripts")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, order=True)
class Fault:
    """Something to put right, and where it stands."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the answer is the exit code."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    faults = sorted([*docstring_faults(PACKAGE), *size_faults(ROOT)])
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults.", file=sys.stderr)
    return 1 if faults else 0


def docstring_faults(package: str) -> Iterator[Fault]:
    """What numpydoc finds in the docstrings of every public object of a package."""
    for module in modules_of(package):
        for name in (module.__name__, *public_names(module)):
            found = validate(name)
            path = Path(str(found["file"] or module.__file__))
            shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
            for code, message in found["errors"]:
                if code not in LEFT_OUT and not (code == "PR01" and fields_documented(name, module)):
                    yield Fault(shown, found["file_line"] or 1, f"{code} {name}: {message}")


def fields_documented(name: str, module: ModuleType) -> bool:
    """Whether a dataclass names all its fields under Attributes: they are its parameters too."""
    thing = getattr(module, name.rpartition(".")[2], None)
    if not (inspect.isclass(thing) and is_dataclass(thing)):
        return False
    documented = {item.name for item in ClassDoc(thing)["Attributes"]}
    return {item.name for item in fields(thing)} <= documented


def modules_of(package: str) -> Iterator[ModuleType]:
    """The modules of a package that hold anything; an empty __init__ has nothing to say."""
    top = importlib.import_module(package)
    for item in pkgutil.walk_packages(top.__path__, prefix=f"{package}."):
        yield importlib.import_module(item.name)


def public_names(module: ModuleType) -> Iterator[str]:
    """The full names of the public functions and classes of a module, and of the classes' public parts."""
    for name, thing in sorted(vars(module).items()):
        own = getattr(thing, "__module__", None) == module.__name__
        if name.startswith("_") or not own or not (inspect.isfunction(thing) or inspect.isclass(thing)):
            continue
        yield f"{module.__name__}.{name}"
        parts = vars(thing).items() if inspect.isclass(thing) else ()
        for part, value in parts:
            if not part.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                yield f"{module.__name__}.{name}.{part}"


def size_faults(root: Path) -> Iterator[Fault]:
    """What is too long: files everywhere; functions and lists of parameters outside the tests."""
    for folder, most in MOST_LINES.items():
        for path in sorted((root / folder).rglob(FILES.get(folder, "*.py"))):
            name = path.relative_to(root).as_posix()
            if name.startswith(EXEMPT):
                continue
            text = path.read_text(encoding="utf-8")
            count = len(text.splitlines())
            if count > most:
                yield Fault(name, 1, f"{count} lines, and {most} is the most: split it by verb")
            if folder in FUNCTIONS_IN:
                yield from function_faults(name, text)


def function_faults(name: str, text: str) -> Iterator[Fault]:
    """Functions of a source text that are too long or take too much."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, Function):
            continue
        lines, parameters = function_lines(node), parameter_count(node)
        if lines > MOST_FUNCTION_LINES:
            yield Fault(
                name, node.lineno, f"{node.name} has {lines} lines, and {MOST_FUNCTION_LINES} is the most"
            )
        if parameters > MOST_PARAMETERS:
            yield Fault(
                name,
                node.lineno,
                f"{node.name} has {parameters} parameters, and {MOST_PARAMETERS} is the most",
            )


def function_lines(node: Function) -> int:
    """The lines of a function from its name to its end, without its docstring."""
    docstring = 0
    first = node.body[0]
    if isinstance(first, ast.Expr) and ast.get_docstring(node, clean=False) is not None:
        docstring = (first.end_lineno or first.lineno) - first.lineno + 1
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def parameter_count(node: Function) -> int:
    """How many values a function takes; the object or class of a method is not counted."""
    given = node.args
    names = [item.arg for item in (*given.posonlyargs, *given.args)]
    if names and names[0] in ("self", "cls"):
        names = names[1:]
    return len(names) + len(given.kwonlyargs)


if __name__ == "__main__":
    sys.exit(main())
