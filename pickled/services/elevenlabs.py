"""ElevenLabs: the account, the connection on which a clause becomes sound, and how it fails."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from pydantic import Field

from pickled.errors import VoiceError
from pickled.services.outside import URL_PATTERN, Account, is_outside, readable

CONSOLE = "elevenlabs.io/app/settings/api-keys"
WAY = (aiohttp.ClientError, OSError)
"""What goes wrong on the way there and back."""

_LARGEST_MESSAGE = 8_000_000
_CLOSED_S = 0.2
"""So long a server's goodbye is waited for."""
_NO_CREDIT = ("quota_exceeded", "payment_required", "insufficient_credits")
_NO_VOICE = ("voice_not_found", "voice_id_does_not_exist", "invalid_voice_id")


class ElevenLabsAccount(Account):
    """Where ElevenLabs is, one address for REST and WebSocket alike, and with which key."""

    base_url: str = Field(default="https://api.elevenlabs.io", pattern=URL_PATTERN)
    connect_timeout_s: float = Field(default=3.0, gt=0, le=60)


@dataclass(frozen=True)
class Sounded:
    """A message with sound, and which characters it is."""

    pcm: bytes
    characters: tuple[tuple[str, float], ...]
    """Each with its end, s from this message's first sample; empty where none are told."""


@asynccontextmanager
async def session_of(account: ElevenLabsAccount) -> AsyncIterator[aiohttp.ClientSession]:
    """A client; a proxy from the environment is for the world outside, not for the house."""
    async with aiohttp.ClientSession(
        headers={"xi-api-key": account.key} if account.key else {},
        timeout=aiohttp.ClientTimeout(total=None, connect=account.connect_timeout_s),
        trust_env=is_outside(account.base_url),
    ) as session:
        yield session


class SpokenSocket:
    """A WebSocket for one clause: its end is known by the end of the connection alone."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, account: ElevenLabsAccount) -> None:
        self._socket, self._account = socket, account
        self.heard = False
        """Some message came: it was made for this clause in time."""

    @property
    def closed(self) -> bool:
        """Has one of both sides ended it?"""
        return self._socket.closed

    async def say(self, text: str, settings: Mapping[str, Any]) -> None:
        """Ask for the sound of all that is ever said on it."""
        await self._socket.send_json({"text": " ", "voice_settings": dict(settings)})
        await self._socket.send_json({"text": f"{text} ", "flush": True})
        await self._socket.send_json({"text": ""})

    async def next(self) -> Sounded | Literal["over", "cut"]:
        """The next sound; its end, or that the server ended it before. Raises VoiceError."""
        while True:
            message = await self._socket.receive()
            if message.type != aiohttp.WSMsgType.TEXT:
                if self._socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION:
                    raise VoiceError(explain_word("", message.extra, self._account))
                return "cut"
            told = _object(message.data)
            if told.get("error") == "input_timeout_exceeded":
                return "cut"
            self.heard = True
            if "error" in told:
                said = told.get("message") or told["error"]
                raise VoiceError(explain_word(str(told["error"]), said, self._account))
            if told.get("isFinal") is True:
                return "over"
            if told.get("audio"):
                return Sounded(_pcm(told["audio"]), _characters(told.get("alignment")))

    async def close(self) -> None:
        """End it: the server stops, and nothing that is on its way is waited for."""
        await self._socket.close()


async def open_socket(
    session: aiohttp.ClientSession, account: ElevenLabsAccount, voice: str, asked: Mapping[str, str]
) -> SpokenSocket:
    """Connect for one clause of that voice; raises what `WAY` names."""
    socket = await session.ws_connect(
        f"{account.base_url.rstrip('/')}/v1/text-to-speech/{voice}/stream-input",
        params=dict(asked),
        max_msg_size=_LARGEST_MESSAGE,
        timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSED_S),
    )
    return SpokenSocket(socket, account)


def explain(error: BaseException, account: ElevenLabsAccount, what: str) -> str:
    """Why it can't be used, in words, with the remedy; `what`: the voice or model."""
    url = account.base_url
    match getattr(error, "status", None):
        case 401 if not account.key:
            return f"ElevenLabs wants a key: ELEVENLABS_API_KEY or `api_key_file`, from {CONSOLE}"
        case 401:
            return f"ElevenLabs does not take the key; check `api_key_file`, or see {CONSOLE}"
        case 402:
            return "ElevenLabs' account has no credits left; look at elevenlabs.io/app/subscription"
        case 403:
            return f"ElevenLabs' key may not use {what}; look at {CONSOLE}"
        case 400 | 404 | 422:
            return f"ElevenLabs has no {what}, or not in this form"
        case 429:
            return "ElevenLabs takes no more requests for now"
        case int() as status if status:
            return f"ElevenLabs failed with status {status}"
    if isinstance(error, TimeoutError):
        return f"ElevenLabs at {url} took too long"
    return f"nothing answers as ElevenLabs does at {url}; is this machine online?"


def explain_word(word: str, said: object, account: ElevenLabsAccount) -> str:
    """What it says by a message, or at the end of a connection, instead of sound."""
    text = readable(said, account.key)
    if any(each in f"{word} {text}" for each in _NO_CREDIT):
        return "ElevenLabs' account has no credits left; look at elevenlabs.io/app/subscription"
    if word == "invalid_api_key":
        return f"ElevenLabs does not take the key; check `api_key_file`, or see {CONSOLE}"
    if word in _NO_VOICE:
        return "ElevenLabs has no such voice; `pickled voices` lists those of the account"
    return f"ElevenLabs failed: {text or readable(word, account.key) or 'it does not say why'}"


def _object(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise VoiceError("what answers does not speak as ElevenLabs does; check `base_url`")
    return told


def _pcm(audio: object) -> bytes:
    try:
        return base64.b64decode(str(audio), validate=True)
    except (binascii.Error, ValueError):
        raise VoiceError("ElevenLabs sent something that is no sound") from None


def _characters(alignment: object) -> tuple[tuple[str, float], ...]:
    """Ends of characters, as far as they can be understood; a voice needs none."""
    if not isinstance(alignment, dict):
        return ()
    names = ("chars", "charStartTimesMs")
    chars, starts = (alignment.get(name) for name in names)
    # Both words are in use for the third list, in its documents and on the wire.
    lengths = alignment.get("charDurationsMs") or alignment.get("charsDurationsMs")
    if not all(isinstance(each, list) for each in (chars, starts, lengths)):
        return ()
    try:
        return tuple(
            (str(char), (float(start) + float(length)) / 1000)
            for char, start, length in zip(chars, starts, lengths, strict=True)  # type: ignore[arg-type]  # lists, by now
        )
    except (TypeError, ValueError):
        return ()


async def close_later(opening: asyncio.Task[SpokenSocket]) -> None:
    """Let a connection go that nobody needs, whether it is made or not."""
    opening.cancel()
    found = (await asyncio.gather(opening, return_exceptions=True))[0]
    if isinstance(found, SpokenSocket):
        await found.close()
