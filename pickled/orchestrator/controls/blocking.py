"""What moderators add while it runs, kept over restarts: words that block, accounts to ignore."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pickled.errors import CommandRefused
from pickled.language.address import folded
from pickled.language.moderation.word_list import LONGEST_ENTRY, WordList, entries
from pickled.orchestrator.controls.settings import Settings

MOST_WORDS = 500
"""Blocked while it runs; more belong into the owner's list."""

MOST_ACCOUNTS = 500

_SHORTEST_BLOCK = 3
"""A listed word blocks sentences: of two letters too many have it."""

_WORDS, _ACCOUNTS = "blocked_words", "ignored_accounts"


@dataclass
class BlockedWords:
    """The gate's word list: the owner's, and what moderators block."""

    owners: WordList
    settings: Settings
    _own: tuple[str, ...] = ()
    _list: WordList | None = None

    @property
    def list(self) -> WordList:
        """The one in force; the same object until something changes."""
        if self._list is None:
            self._own = tuple(map(str, self.settings.get(_WORDS, []) or []))
            self._list = _with(self.owners, self._own)
        return self._list

    async def block(self, word: str) -> None:
        """From the next clause on, whatever has that word is not said; raises CommandRefused."""
        word = " ".join(word.split()).casefold()
        known = self._known()
        if sum(map(str.isalnum, word)) < _SHORTEST_BLOCK or len(word) > LONGEST_ENTRY:
            raise CommandRefused(
                "out_of_range", f"a word to block has {_SHORTEST_BLOCK} to {LONGEST_ENTRY} letters"
            )
        if "*" in word or not entries(word):
            raise CommandRefused("bad_payload", "that is no word that could be found")
        if word in known:
            return
        if len(known) >= MOST_WORDS:
            raise CommandRefused("busy", "too many words are blocked: move them to `words_file`")
        await self._keep((*known, word))

    async def unblock(self, word: str) -> None:
        """Take back what was blocked so; raises CommandRefused if nothing was."""
        word = " ".join(word.split()).casefold()
        left = tuple(each for each in self._known() if each != word)
        if left == self._known():
            raise CommandRefused("stale", "that word was not blocked from chat")
        await self._keep(left)

    def _known(self) -> tuple[str, ...]:
        return self._own if self.list else ()

    async def _keep(self, words: tuple[str, ...]) -> None:
        made = _with(self.owners, words)
        await asyncio.to_thread(made.prepare)  # milliseconds: nobody's clause waits for that
        self._own, self._list = words, made
        self.settings.set(_WORDS, list(words) or None, configured=[])


@dataclass
class Ignored:
    """Accounts that are never answered, counted or remembered."""

    configured: tuple[str, ...]
    settings: Settings
    _all: frozenset[str] | None = field(default=None)

    def covers(self, names: Iterable[str]) -> bool:
        """Is one of these names, as shown or as the account is called, among them?"""
        listed = self._listed
        return bool(listed) and any(_plain(each) in listed for each in names)

    def add(self, name: str) -> None:
        """Ignore that account from now on; raises CommandRefused."""
        plain, own = _plain(name), self._own
        if not plain:
            raise CommandRefused("bad_payload", "whom? write `ignore @name`")
        if len(own) >= MOST_ACCOUNTS:
            raise CommandRefused("busy", "too many accounts are ignored already")
        self._keep((*own, plain))

    def remove(self, name: str) -> None:
        """Listen to it again; raises CommandRefused for whom the configuration names, or nobody."""
        plain = _plain(name)
        if plain in map(_plain, self.configured):
            raise CommandRefused("not_allowed", "the configuration ignores it: see `ignore`")
        if plain not in self._own:
            raise CommandRefused("stale", "that account was not ignored")
        self._keep(tuple(each for each in self._own if each != plain))

    @property
    def _own(self) -> tuple[str, ...]:
        return tuple(map(str, self.settings.get(_ACCOUNTS, []) or []))

    @property
    def _listed(self) -> frozenset[str]:
        if self._all is None:
            self._all = frozenset({*map(_plain, self.configured), *self._own} - {""})
        return self._all

    def _keep(self, names: tuple[str, ...]) -> None:
        self.settings.set(_ACCOUNTS, list(dict.fromkeys(names)) or None, configured=[])
        self._all = None


def _with(owners: WordList, words: tuple[str, ...]) -> WordList:
    if not words:
        return owners
    blocked = (found for each in words for found in entries(each))
    return replace(owners, block=(*owners.block, *blocked))


def _plain(name: str) -> str:
    return folded(name).strip().removeprefix("@")
