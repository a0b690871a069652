"""Files that take long go first, so that no worker ends with one of them while the other has nothing left to do."""

from __future__ import annotations

#: Rooms by seconds per test, longest first; others keep their place after these.
SLOW_ROOMS = ("browser", "lift", "fuzz", "runs", "generators", "pitfalls", "prospective", "privacy", "voice", "pages")


def pytest_collection_modifyitems(items):
    def place(item) -> int:
        room = item.nodeid.split("/")[1]
        return SLOW_ROOMS.index(room) if room in SLOW_ROOMS else len(SLOW_ROOMS)

    items.sort(key=place)
