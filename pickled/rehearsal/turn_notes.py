"""Notes of each turn what makes its replay exact: what came when, and how long it took."""

from __future__ import annotations

from datetime import datetime

from pickled.messages.recording import LlmLine, OutcomeLine, RecordingLine, TtsLine
from pickled.messages.response import ResponseEvent, StageTimes
from pickled.orchestrator.conversation.approval import EXPIRES_S
from pickled.rehearsal.pace import CHARS_PER_S, FIRST_BYTE_MS, answer_pieces
from pickled.view.turns import FollowedTurn

_CUT = frozenset({"interrupted", "skipped"})
"""The answer may have had more to say."""

_LEFT_OUT = {"event_type", "ts", "suppressed", "index", "messages", "reason", "stages", "changed"}


def turn_lines(turn: FollowedTurn, ended: ResponseEvent, t: float) -> list[RecordingLine]:
    """The lines that tell of a turn whose last event has come."""
    found: list[RecordingLine] = []
    if turn.started is not None and (clauses := _clauses(turn, turn.started.ts, ended)):
        closed = ended.outcome not in _CUT and (ended.outcome != "muted" or turn.swallowed)
        pieces = tuple(answer_pieces(clauses, turn.emotion, closed=closed))
        found.append(
            LlmLine(t=t, type="llm", turn=turn.turn, deltas=pieces, messages=turn.messages)
        )
        found += _voice_lines(turn, [text for _, text in clauses], t)
    left_out = {
        "event_type",
        "ts",
        "suppressed",
        "index",
        "messages",
        "reason",
        "stages",
        "changed",
        "unheard",
    }
    fields = ended.model_dump(exclude=left_out if ended.cut else {*left_out, "cut"}, mode="json")
    if turn.state is not None:
        fields["to"] = [each.model_dump() for each in turn.state.to]
    if turn.started is not None:
        fields["took_ms"] = _ms(turn.started.ts, ended.ts)
    found.append(OutcomeLine.model_validate({"t": t, "type": "response", **fields}))
    return found


def _clauses(turn: FollowedTurn, began: datetime, ended: ResponseEvent) -> list[tuple[float, str]]:
    """Milliseconds from the begin, and the words; what a person was to read first came whole."""
    clauses = turn.clauses
    if turn.held_until is None:
        return [(_ms(began, each.ts), each.text) for each in clauses]
    ms = round(max(0.0, _ms(began, turn.held_until) - EXPIRES_S * 1000), 3)
    unheard = [ended.text] if ended.text and not clauses else []
    return [(ms, text) for text in (*(each.text for each in clauses), *unheard)]


def _voice_lines(turn: FollowedTurn, clauses: list[str], t: float) -> list[RecordingLine]:
    """Nothing where there was no voice; what was cut off is counted at the usual pace."""
    if not turn.played_ms:
        return []
    times = turn.stages or StageTimes()
    chars = sum(map(len, clauses)) or 1
    ms_a_char = turn.played_ms / chars if turn.heard_out else 1000 / CHARS_PER_S
    first_byte_ms = FIRST_BYTE_MS if times.tts_first_byte is None else times.tts_first_byte
    return [
        TtsLine(
            t=t,
            type="tts",
            clause=f"{turn.turn}.{index}",
            text=text,
            first_byte_ms=first_byte_ms,
            first_sound_ms=None if index else times.first_sound,
            duration_ms=round(len(text) * ms_a_char, 3),
        )
        for index, text in enumerate(clauses)
    ]


def _ms(begin: datetime, end: datetime) -> float:
    return round(max(0.0, (end - begin).total_seconds() * 1000), 3)
