"""What the dashboard lists."""

from __future__ import annotations

from pickled.messages.response import ResponseState, StageTimes
from pickled.messages.state import LatencyState
from pickled.view.mirror import Decoded
from pickled.view.turns import FollowedTurns
from pickled.web.dashboard.board import MOST_LINES, TAKEN_BACK, Board
from tests.web.telling import NOW, TURN, chat, decision, response, retraction, said


def fed(*messages: Decoded) -> Board:
    """A board that has heard these."""
    board = Board(FollowedTurns())
    for each in messages:
        board.turns.take(each.value, at=1.0)
        board.take(each)
    return board


def test_line_shows_why_it_was_not_answered() -> None:
    """Reason, score and its parts stand beside the line; parts that are nothing are left out."""
    parts = {"addressed": 0.0, "question": 1.5}
    board = fed(
        chat("m1", "hi"),
        chat("m2", "ho"),
        decision("skip", "m1", "m2", reason="chance", scores=(1.0, 2.0), parts=parts),
    )
    first, second = board.lines_since(0)
    assert (first["fate"], first["reason"], first["score"]) == ("skipped", "chance", 1.0)
    assert (second["score"], second["parts"]) == (2.0, {"question": 1.5})


def test_page_is_told_only_what_changed() -> None:
    """A busy chat costs a page no more than its new lines, and those with a verdict."""
    board = fed(chat("m1", "hi"), chat("m2", "ho"))
    seen = board.version
    assert board.lines_since(seen) == []
    board.take(decision("answer", "m1", turn=TURN, reason="mention", score=5.0))
    board.take(chat("m3", "hey"))
    assert [(each["id"], each["fate"]) for each in board.lines_since(seen)] == [
        ("m1", "answered"),
        ("m3", ""),
    ]


def test_retracted_line_loses_its_words_everywhere() -> None:
    """Neither the line nor the answer to it says any more who wrote what."""
    board = fed(
        chat("m1", "my address is …"),
        decision("answer", "m1", turn=TURN),
        response("started"),
        response("clause", index=0, text="Oh!"),
    )
    assert board.answers_since(0)[0]["asked"] == "my address is …"
    board.turns.take(retraction("message", "m1").value)
    board.take(retraction("message", "m1"))
    (line,) = board.lines_since(0)
    (answer,) = board.answers_since(0)
    assert (line["user"], line["text"], line["fate"]) == (TAKEN_BACK, "", "gone")
    assert (answer["user"], answer["asked"]) == ("", "")


def test_answer_has_its_reason_and_trace() -> None:
    """For whom, why, what was heard, and how long each stage took."""
    ended = {"text": "Hi Ana.", "heard": "Hi", "outcome": "interrupted", "reason": "mention"}
    times = StageTimes(gate=2.0, llm_first_token=200.0, total=300.0)
    board = fed(
        chat("m1", "hello"),
        decision("answer", "m1", turn=TURN, reason="mention"),
        response("started"),
        response("clause", index=0, text="Hi Ana.", emotion="happy"),
        response("interrupted", stages=times, messages=("m1",), **ended),
    )
    (answer,) = board.answers_since(0)
    assert (answer["user"], answer["reason"], answer["heard"]) == ("Ana", "mention", "Hi")
    assert (answer["total"], answer["stages"]) == (300.0, {"gate": 2.0, "llm_first_token": 200.0})


def test_answer_to_nobody_of_chat_names_who_the_state_names() -> None:
    """A stream event has no line of chat: its words come with the last state."""
    told = {"persona": "John", "emotion": "love", "text": "Thanks!", "heard": "Thanks!"}
    to = ({"source": "stream", "user": "Ben", "text": "follow"},)
    state = {"turn": TURN, "outcome": "finished", "to": to, "at": NOW, **told}
    board = fed(
        response("started"),
        response("clause", index=0, text="Thanks!"),
        said("response/state", ResponseState.model_validate(state)),
    )
    (answer,) = board.answers_since(0)
    assert (answer["user"], answer["asked"]) == ("Ben", "follow")


def test_lines_and_figures_have_an_end() -> None:
    """Of a whole evening the last lines and turns are kept."""
    board = fed(*(chat(f"m{n}", "x") for n in range(MOST_LINES + 50)))
    assert len(board.lines_since(0)) == MOST_LINES
    for ms in range(200):
        board.take(said("latency/state", LatencyState(total=float(ms))))
    assert list(board.figures)[-1] == 199.0
    assert len(board.figures) == 60
