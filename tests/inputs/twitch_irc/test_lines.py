"""IRC lines: cut out of frames, and taken apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.inputs.twitch_irc.lines import (
    LONGEST_LINE,
    IrcMessage,
    LineSplitter,
    parse_line,
    unescape,
)
from tests.stand_ins.twitch_irc import escape


def test_parse_privmsg() -> None:
    """Tags, sender, command, channel and text come apart; the text keeps its colons."""
    line = "@id=1;display-name=Ann\\sB;empty= :ann!ann@ann.tmi.twitch.tv PRIVMSG #wren :hi : :) x"
    assert parse_line(line) == IrcMessage(
        command="PRIVMSG",
        params=("#wren", "hi : :) x"),
        tags={"id": "1", "display-name": "Ann B", "empty": ""},
        nick="ann",
    )


def test_parse_server_line() -> None:
    """A line of the server has no nick; one without sender or text is read too."""
    assert parse_line(":tmi.twitch.tv 366 me #wren :End of /NAMES list") == IrcMessage(
        command="366", params=("me", "#wren", "End of /NAMES list")
    )
    assert parse_line("PING :tmi.twitch.tv") == IrcMessage(
        command="PING", params=("tmi.twitch.tv",)
    )
    assert parse_line(":tmi.twitch.tv RECONNECT") == IrcMessage(command="RECONNECT")


def test_parse_keeps_odd_separators() -> None:
    """Only a line feed ends a line: other separators are part of what somebody wrote."""
    (line,) = LineSplitter().feed("PRIVMSG #wren :a\u2028b\x85c\x0bd\r\n".encode())
    message = parse_line(line)
    assert message is not None
    assert message.text == "a\u2028b\x85c\x0bd"


def test_parse_nonsense() -> None:
    """What is not IRC is None."""
    assert [parse_line(each) for each in ("", " ", "@", "@a=b", ":x", "é x", "<html> x")] == [
        None
    ] * 7


@given(st.text())
def test_parse_any_text(text: str) -> None:
    """No text makes it fail, and what it reads has a command."""
    message = parse_line(text)
    assert message is None or message.command


@given(st.lists(st.sampled_from(["@", ":", " ", ";", "=", "\\", "\\s", "a", "#w", "PRIVMSG"])))
def test_parse_any_pieces(pieces: list[str]) -> None:
    """Nor does any mixture of what a line is made of."""
    message = parse_line("".join(pieces))
    assert message is None or message.command


@given(st.text())
def test_unescape_reverses_escape(value: str) -> None:
    """Any value survives being written as a tag's value."""
    assert unescape(escape(value)) == value


@given(st.text())
def test_tag_survives_line(value: str) -> None:
    """Any value survives being sent as a tag of a line."""
    message = parse_line(f"@before=1;key={escape(value)};after=2 PRIVMSG #wren :x")
    assert message is not None
    assert message.tags == {"before": "1", "key": value, "after": "2"}


def test_unescape_sloppy() -> None:
    """A lone backslash is dropped, as IRCv3 has it."""
    assert unescape("a\\b\\") == "ab"


@given(st.data())
def test_splitter_any_cut(data: st.DataObject) -> None:
    """However the bytes are cut, the same lines come out."""
    lines = data.draw(st.lists(st.text("aé🥟 \u2028", min_size=1), max_size=8))
    sent = "".join(f"{each}\r\n" for each in lines).encode()
    places = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=10)))
    splitter = LineSplitter()
    pieces = [sent[a:b] for a, b in zip([0, *places], [*places, len(sent)], strict=True)]
    assert [each for piece in pieces for each in splitter.feed(piece)] == lines


def test_splitter_endless_line() -> None:
    """A line without an end is thrown away and counted; the next one is read."""
    splitter = LineSplitter()
    got = [each for _ in range(50) for each in splitter.feed(b"x" * 4000)]
    assert len(splitter._rest) <= LONGEST_LINE
    got += splitter.feed(b"still the same\nPING :a\n" + b"y" * (LONGEST_LINE + 1) + b"\nPING :b\n")
    assert got == ["PING :a", "PING :b"]
    assert splitter.too_long == 2


def test_splitter_invalid_utf8() -> None:
    """Bytes that are no text are replaced, the rest of the line is kept."""
    assert list(LineSplitter().feed(b"PING :\xff\xfea\n")) == ["PING :\ufffd\ufffda"]
