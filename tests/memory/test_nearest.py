"""Vectors found by two bits a dimension."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from pickled.memory.nearest import Codes

SCOPE, OTHER = 1, 2


def _vectors(count: int, dimensions: int = 384) -> npt.NDArray[np.float32]:
    drawn = np.random.default_rng(7).standard_normal((count, dimensions)).astype("<f4")
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype("<f4")


def _filled(vectors: npt.NDArray[np.float32]) -> Codes:
    codes = Codes(vectors.shape[1])
    numbers = range(1, len(vectors) + 1)
    codes.add(numbers, [SCOPE] * len(vectors), [row.tobytes() for row in vectors])
    return codes


def test_codes_hold_nearly_all_of_the_nearest() -> None:
    """400 candidates of 20,000 hold 95 % of the ten nearest, even without any structure."""
    vectors = _vectors(20_000)
    codes, share = _filled(vectors), []
    for query in _vectors(20_050)[20_000:]:
        exact = set((np.argsort(-(vectors @ query))[:10] + 1).tolist())
        found = codes.nearest(query.tobytes(), scopes=[SCOPE], k=400)
        share.append(len(exact.intersection(found)) / 10)
    assert np.mean(share) >= 0.95


@pytest.mark.parametrize("dimensions", [7, 64, 100, 384])
def test_codes_any_number_of_dimensions(dimensions: int) -> None:
    """A vector is nearest to itself, also where dimensions don't fill machine words."""
    vectors = _vectors(50, dimensions)
    codes = _filled(vectors)
    for number, row in enumerate(vectors[:10], 1):
        assert number in codes.nearest(row.tobytes(), scopes=[SCOPE], k=10)


def test_codes_other_scope_is_never_found() -> None:
    """Not even where there is nothing else to find."""
    vectors = _vectors(3)
    codes = Codes(384)
    codes.add([1, 2], [SCOPE, OTHER], [row.tobytes() for row in vectors[:2]])
    assert codes.nearest(vectors[1].tobytes(), scopes=[SCOPE], k=10) == [1]
    assert codes.nearest(vectors[1].tobytes(), scopes=[], k=10) == []


def test_codes_removed_is_gone_and_its_place_used_again() -> None:
    """Removed entries are not found, their bits are wiped, and memory does not grow."""
    vectors = _vectors(4)
    codes = _filled(vectors[:3])
    before = codes.size
    codes.remove([2])
    assert len(codes) == 2
    assert sorted(codes.nearest(vectors[1].tobytes(), scopes=[SCOPE], k=10)) == [1, 3]
    codes.add([9], [SCOPE], [vectors[3].tobytes()])
    assert codes.size == before
    assert sorted(codes.nearest(vectors[3].tobytes(), scopes=[SCOPE], k=10)) == [1, 3, 9]


def test_codes_empty_find_nothing() -> None:
    """Before anything was embedded, nothing is near."""
    assert Codes(384).nearest(_vectors(1)[0].tobytes(), scopes=[SCOPE], k=5) == []
