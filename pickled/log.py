"""Logs: text on a terminal, JSON under a supervisor, and never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Collection, Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from pickled.patterns import pattern

HIDDEN = "***"
SHORTEST_SECRET = 4
"""Live values shorter than this are not searched for: they would black out ordinary words."""

LONGEST_LINE = 48_000
"""Bytes of a line under a supervisor."""
_LONGEST_VALUE = 10_000
"""Characters that are kept of each value of a line that is longer."""

_SECRET_KEY = pattern(r"(?i)(password|passwd|secret|token|api_?key|authorization|cookie)$")
_TOKENS = (
    pattern(r"(?i)(?<=\boauth:)[a-z0-9]{8,}"),
    pattern(r"(?i)(?<=\bbearer )[\w.~+/=-]{8,}"),
    pattern(r"(?i)(?<=\btoken )[\w.~+/=-]{16,}"),
    pattern(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"),
    pattern(
        r"(?i)(?<![a-z0-9])(?:token|secret|password|api_?key)"
        r"[\"']?\s?[=:]\s?[\"']?(?P<value>[^\s&\"',;}]{4,})"
    ),
    pattern(r"\bsk-[\w-]{16,}"),
    pattern(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"),
)


_LIVE: dict[str, None] = {}
"""Secrets that came while we run, newest last."""
_MOST_LIVE = 64


def hide(*secrets: str) -> None:
    """From now on, no line of the log shows these: tokens that a service gave."""
    for each in secrets:
        if len(each) >= SHORTEST_SECRET:
            _LIVE.pop(each, None)
            _LIVE[each] = None
    while len(_LIVE) > _MOST_LIVE:
        del _LIVE[next(iter(_LIVE))]


class Redactor:
    """Hides what looks like a secret, and what is one."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        known = sorted((each for each in secrets if len(each) >= SHORTEST_SECRET), key=len)
        words = "|".join(re.escape(each) for each in reversed(known))
        self._known = re.compile(words) if words else None

    def text(self, text: str) -> str:
        """The text without its secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for secret in tuple(_LIVE):
            if secret in text:
                text = text.replace(secret, HIDDEN)
        for token in _TOKENS:
            text = token.sub(_hide, text)
        return text

    def value(self, value: Any) -> Any:
        """Anything that may be logged, without its secrets, however deep they lie."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bytes):
            return self.text(value.decode("utf-8", errors="replace"))
        if isinstance(value, Mapping):
            return {key: self._of_key(key, inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(inner) for inner in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.text(str(value))

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """As one of structlog's processors; the last one before the line is written."""
        return {key: self._of_key(key, inner) for key, inner in event.items()}

    def _of_key(self, key: Any, value: Any) -> Any:
        number = value is None or isinstance(value, bool | int | float)
        hidden = not number and isinstance(key, str) and _SECRET_KEY.search(key)
        return HIDDEN if hidden else self.value(value)


def configure(
    *,
    secrets: Collection[str] = (),
    as_json: bool = False,
    debug: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Send our own and the libraries' log lines to stderr (or `stream`)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=as_json),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                Redactor(secrets),
                _renderer(as_json, colors=target.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every request
    logging.getLogger("twitchio").setLevel(logging.ERROR)  # what it does we see by ourselves
    root.setLevel(logging.DEBUG if debug else logging.INFO)


def only_errors() -> None:
    """For a command that ends soon: stdout is for its answer, and what it has to say it prints."""
    structlog.reset_defaults()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _renderer(as_json: bool, *, colors: bool) -> Processor:
    if as_json:
        return _json_line
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)


def _json_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line of JSON that the journal keeps as one entry: it cuts longer ones in two."""
    for longest in (LONGEST_LINE, _LONGEST_VALUE, _LONGEST_VALUE // 20):
        line = _json({key: _cut(value, longest) for key, value in event.items()})
        if len(line.encode("utf-8", "replace")) < LONGEST_LINE:
            return line
    return _json({key: _cut(event.get(key), _LONGEST_VALUE) for key in ("event", "level")})


def _json(event: Mapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, default=repr)


def _cut(value: Any, longest: int) -> Any:
    text = value if isinstance(value, str) else _json({"": value})[5:-1]
    if len(text) <= longest:
        return value
    return f"{text[:longest]}… ({len(text)} characters)"


def _hide(match: re.Match[str]) -> str:
    if "value" not in match.re.groupindex:
        return HIDDEN
    whole, start = match[0], match.start()
    return whole[: match.start("value") - start] + HIDDEN + whole[match.end("value") - start :]
