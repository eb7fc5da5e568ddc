"""Selections for the tests of the command line."""

from __future__ import annotations

import pytest
from tests.cli.selection import Theatre, theatre_of_the_session


@pytest.fixture(scope="session")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """Selections that have come as far as a test asks for."""
    return theatre_of_the_session(lambda: tmp_path_factory.mktemp("theatre"))
