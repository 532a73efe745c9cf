"""What was seen last, in bounded room: when there is too much, the oldest goes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(OrderedDict[Key, Value]):
    """A dictionary of the keys that were set last; setting one again makes it the newest."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        """How many keys it holds."""

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self.most:
            self.popitem(last=False)


class Seen(Generic[Key]):
    """Keys that came lately, each in the order in which it came first."""

    def __init__(self, most: int) -> None:
        self._keys: Recent[Key, None] = Recent(most)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    def add(self, key: Key) -> bool:
        """Is it new?"""
        if key in self._keys:
            return False
        self._keys[key] = None
        return True
