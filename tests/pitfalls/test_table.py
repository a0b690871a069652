"""Every row of the table of pitfalls names tests that exist and run with the suite."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.pitfalls.table import PITFALLS

TESTS = Path(__file__).resolve().parents[1]


@cache
def defined(file: str) -> frozenset[str]:
    """Tests that pytest collects from ``file``, as ``test`` or ``Class::test``; without those marked slow."""
    found = set()
    for node in ast.parse((TESTS / file).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found |= {node.name} if not slow(node) else set()
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test") and not slow(node):
            tests = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
            found |= {f"{node.name}::{n.name}" for n in tests if not slow(n)}
    return frozenset(found)


def slow(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return any(ast.unparse(mark).startswith("pytest.mark.slow") for mark in node.decorator_list)


def exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return (TESTS / file).is_file() and name in defined(file)


def test_all_sixty_two_are_there():
    assert list(PITFALLS) == list(range(1, 63))
    assert len({title for title, _ in PITFALLS.values()}) == 62


@pytest.mark.parametrize("number", PITFALLS)
def test_its_tests_exist(number):
    title, tests = PITFALLS[number]
    assert title and tests and len(set(tests)) == len(tests)
    assert [t for t in tests if not exists(t)] == []


def test_what_does_not_exist_is_noticed():
    file = "tables/test_reading.py"
    assert exists(f"{file}::test_delimiter_is_found")
    assert not exists(f"{file}::test_delimiter_is_lost") and not exists("tables/test_gone.py::test_delimiter_is_found")
    assert not exists(f"{file}::csv") and not exists("privacy/test_meters.py::test_travel_sample")
