"""One set of runs, and its pack, for all tests of packs."""

import pytest

from tests.packs.makers import PRIVATE, Made


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="session")
def content(made):
    return made.pack()


@pytest.fixture(scope="session")
def private(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("private"), PRIVATE)
