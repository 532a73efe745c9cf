"""What the tests of models behind a key share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.llm.vendors import VENDORS, Vendor


@pytest.fixture(params=VENDORS)
async def vendor(request: pytest.FixtureRequest) -> AsyncIterator[Vendor]:
    async with VENDORS[request.param][1]().serve() as running:
        yield Vendor(request.param, running)
