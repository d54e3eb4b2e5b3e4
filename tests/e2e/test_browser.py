"""The whole product in a real browser: `app/ui/e2e/journey.e2e.ts` against `heliograph up`."""

import pytest

from tests.e2e.npm import npm
from tests.fixtures.product import Product


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_a_person_signs_in_opens_their_signature_and_sees_the_number_move(product: Product) -> None:
    npm("run", "--silent", "build")  # what the product serves is what stands in the sources
    npm("run", "--silent", "e2e", "--", "journey", env={"READY_JSON": str(product.data / "ready.json")})
