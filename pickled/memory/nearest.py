"""Finds the vectors nearest to a query by two bits a dimension, in memory, made of the rows.

Each number of a vector becomes one of four levels (96 bytes instead of 1,536 at 384 dimensions),
the query eight; all products are then counts of common bits. The estimate is off by a few
hundredths, so more candidates are taken than wanted, and compared again with their true vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from pickled.patterns import module

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Words = npt.NDArray[np.uint64]
else:
    np = module("numpy")

_BLOCK = 16_384  # vectors whose bits stay in the processor's cache while all planes pass
_STEP = 0.996  # the best step of four levels for normally distributed numbers
_PLANES = 3
_NOWHERE = -1


class Codes:
    """The bits of all vectors, by scope; safe to use from two threads."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self._width = -(-dimensions // 64)
        self._blocks: list[_Block] = []
        self._free: list[tuple[int, int]] = []
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK - len(self._free)

    @property
    def size(self) -> int:
        """Memory taken, in bytes."""
        return sum(each.size for each in self._blocks)

    def add(self, numbers: Sequence[int], scopes: Sequence[int], vectors: Sequence[bytes]) -> None:
        """Take in vectors (float32, length 1) of entries."""
        if not numbers:
            return
        coded = _encode(_matrix(vectors, self.dimensions), self._width)
        with self._lock:
            for row, (number, scope) in enumerate(zip(numbers, scopes, strict=True)):
                if not self._free:
                    self._blocks.append(_Block.empty(self._width))
                    last = len(self._blocks) - 1
                    self._free.extend((last, slot) for slot in reversed(range(_BLOCK)))
                place, slot = self._free.pop()
                self._blocks[place].put(slot, number, scope, coded, row)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these entries, their bits too."""
        with self._lock:
            for place, block in enumerate(self._blocks):
                held = np.isin(block.numbers, numbers) & (block.scopes != _NOWHERE)
                for slot in np.flatnonzero(held).tolist():
                    block.wipe(slot)
                    self._free.append((place, slot))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._blocks.clear()
            self._free.clear()

    def nearest(self, query: bytes, *, scopes: Sequence[int], k: int) -> list[int]:
        """About the `k` entries of these scopes nearest to the query, in no order."""
        planes, scale, low, total = _planes(_matrix([query], self.dimensions)[0], self._width)
        with self._lock:
            found = [
                block.estimate(planes, scale=scale, low=low, total=total, scopes=scopes)
                for block in self._blocks
            ]
            if not found:
                return []
            numbers = np.concatenate([block.numbers for block in self._blocks])
        scores = np.concatenate(found)
        best = np.argpartition(-scores, min(k, len(scores) - 1))[:k]
        best = best[scores[best] > -np.inf]
        return [int(each) for each in numbers[best]]


@dataclass(frozen=True)
class _Coded:
    high: Words
    low: Words
    factor: Floats
    ones: Floats
    """4 times the set high bits, plus 2 times the set low bits."""


@dataclass(frozen=True)
class _Block:
    high: Words
    low: Words
    factor: Floats
    ones: Floats
    numbers: npt.NDArray[np.int64]
    scopes: npt.NDArray[np.int32]

    @classmethod
    def empty(cls, width: int) -> _Block:
        return cls(
            high=np.zeros((width, _BLOCK), np.uint64),
            low=np.zeros((width, _BLOCK), np.uint64),
            factor=np.zeros(_BLOCK, np.float32),
            ones=np.zeros(_BLOCK, np.float32),
            numbers=np.zeros(_BLOCK, np.int64),
            scopes=np.full(_BLOCK, _NOWHERE, np.int32),
        )

    @property
    def size(self) -> int:
        arrays = (self.high, self.low, self.factor, self.ones, self.numbers, self.scopes)
        return sum(each.nbytes for each in arrays)

    def put(self, slot: int, number: int, scope: int, coded: _Coded, row: int) -> None:
        self.high[:, slot] = coded.high[:, row]
        self.low[:, slot] = coded.low[:, row]
        self.factor[slot] = coded.factor[row]
        self.ones[slot] = coded.ones[row]
        self.numbers[slot] = number
        self.scopes[slot] = scope

    def wipe(self, slot: int) -> None:
        self.high[:, slot] = 0
        self.low[:, slot] = 0
        self.factor[slot] = self.ones[slot] = self.numbers[slot] = 0
        self.scopes[slot] = _NOWHERE

    def estimate(
        self,
        planes: Sequence[Words],
        *,
        scale: float,
        low: float,
        total: float,
        scopes: Sequence[int],
    ) -> Floats:
        """The cosine with each vector, about; minus infinity outside of the scopes."""
        products = np.zeros(_BLOCK, np.int32)
        common = np.empty(_BLOCK, np.uint16)
        both = np.empty(_BLOCK, np.uint64)
        count = np.empty(_BLOCK, np.uint8)
        for power, plane in enumerate(planes):
            common.fill(0)
            for bits in (self.high, self.low):
                common *= 2
                for word, mask in zip(bits, plane, strict=True):
                    np.bitwise_count(np.bitwise_and(word, mask, out=both), out=count)
                    common += count
            products += common.astype(np.int32) << power
        scores = products.astype(np.float32)
        scores *= np.float32(2 * scale)
        scores += np.float32(low) * self.ones
        scores -= np.float32(3 * total)
        scores *= self.factor
        np.copyto(scores, -np.inf, where=~np.isin(self.scopes, scopes))
        return scores


def _matrix(vectors: Sequence[bytes], dimensions: int) -> Floats:
    return np.frombuffer(b"".join(vectors), "<f4").reshape(-1, dimensions)


def _encode(vectors: Floats, width: int) -> _Coded:
    vectors = np.pad(vectors, ((0, 0), (0, width * 64 - vectors.shape[1])))
    step = _STEP / np.sqrt(vectors.shape[1])
    levels = np.clip(np.floor(vectors / step) + 2, 0, 3).astype(np.uint8)
    high, low = levels >> 1, levels & 1
    along = ((2.0 * levels - 3.0) * vectors).sum(axis=1)
    return _Coded(
        high=_pack(high),
        low=_pack(low),
        factor=(1 / np.maximum(along, 1e-6)).astype(np.float32),
        ones=(4 * high.sum(axis=1, dtype=np.int32) + 2 * low.sum(axis=1, dtype=np.int32)).astype(
            np.float32
        ),
    )


def _planes(query: Floats, width: int) -> tuple[list[Words], float, float, float]:
    query = np.pad(query, (0, width * 64 - len(query)))
    low = float(query.min())
    scale = max((float(query.max()) - low) / (2**_PLANES - 1), 1e-9)
    levels = np.round((query - low) / scale).astype(np.uint8)
    planes = [_pack(((levels >> power) & 1)[None])[:, 0] for power in range(_PLANES)]
    return planes, scale, low, float(query.sum())


def _pack(bits: npt.NDArray[np.uint8]) -> Words:
    packed = np.packbits(bits, axis=1, bitorder="little")
    return np.ascontiguousarray(packed.view(np.uint64).T)
