"""The real report inside a pack: drawn from what the pack holds, so it gives away nothing more."""

import pytest

from synth_core.reports import pack
from synth_core.tasks import results
from tests.packs.makers import parts_of, protected_values


@pytest.mark.parametrize("which", ["made", "private"])
def test_it_holds_no_value_that_must_not_leave(which, request):
    runs = request.getfixturevalue(which)
    html = parts_of(runs.pack(report=None))[pack.REPORT].decode()
    assert html.lower().startswith("<!doctype html>") and "bookings.csv" in html
    assert not [v for v in protected_values(runs.table) if v in html]
    found = results.load_generate(runs.store.folder(runs.rows.id))
    if which == "private":
        assert runs.dataset not in html and found.summary["holdout_fingerprint"] not in html
        assert found.fidelity.headline not in html
    else:
        assert found.fidelity.headline in html
        first = found.fidelity.projection.real[0][0]  # a coordinate of a real row, and none by chance
        assert repr(first)[:8] not in html
