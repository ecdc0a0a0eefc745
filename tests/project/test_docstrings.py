"""The docstrings of geodata, and the lengths of files and functions."""

import ast
import sys

import pytest

from scripts import lint_docstrings as lint


def test_there_is_no_fault(capsys):
    code = lint.main([])
    assert code == 0, capsys.readouterr().out


def test_all_public_objects_are_looked_at():
    names = {name for module in lint.modules_of("geodata") for name in lint.public_names(module)}
    assert {"geodata.crs.CRSError", "geodata.crs.to_bng", "geodata.sources.OpenSource.slug"} <= names
    assert "geodata.areas.read_lookup" not in names  # it is another module's, and looked at there


def test_each_code_left_out_is_one_that_numpydoc_has():
    from numpydoc.validate import ERROR_MSGS

    assert set(lint.LEFT_OUT) <= set(ERROR_MSGS)


@pytest.fixture
def poor_package(tmp_path, monkeypatch):
    folder = tmp_path / "poor_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "walks.py").write_text('"""Walks."""\n\n\ndef walk(metres):\n    """Walk so far"""\n')
    monkeypatch.syspath_prepend(tmp_path)
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_fault_of_a_docstring_says_where_and_what_is_missing(poor_package):
    faults = list(lint.docstring_faults(poor_package))
    assert {fault.message.split(":")[0] for fault in faults} == {
        "PR01 poor_package.walks.walk",
        "SS03 poor_package.walks.walk",
    }
    assert all(str(fault).partition(": ")[0].endswith("walks.py:4") for fault in faults)


def function(text):
    return ast.parse(text).body[0]


def test_docstring_is_not_counted_as_length():
    assert lint.function_lines(function('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n')) == 2


def test_object_of_a_method_is_not_counted_as_parameter():
    assert lint.parameter_count(function("def f(self, a, b, *, c): ...")) == 3


def test_too_long_and_too_many_are_faults():
    body = "\n".join("    a = 1" for _ in range(lint.MOST_FUNCTION_LINES))
    long = f"def f(a, b, c, d, e, f, g):\n{body}\n"
    assert [fault.line for fault in lint.function_faults("x.py", long)] == [1, 1]


def test_long_files_are_faults_and_migrations_are_not(tmp_path):
    for name in ("directory/long.py", "directory/migrations/versions/long.py", "tests/long.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a = 1\n" * 301)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "long.html").write_text("<p>\n" * 151)
    assert [fault.path for fault in lint.size_faults(tmp_path)] == [
        "directory/long.py",
        "templates/long.html",
    ]
