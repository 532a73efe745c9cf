"""What leaves the house: told by the address, and never a key in clear text or in an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pickled.services.outside import is_outside, readable, refuse_clear_text, sendable

KEY = "sk-very-secret-0123456789"


@pytest.mark.parametrize(
    ("url", "outside"),
    [
        ("https://api.openai.com/v1", True),
        ("https://8.8.8.8/v1", True),
        ("https://[2606:4700::1111]/v1", True),
        ("http://example.com.:80", True),
        ("http://localhost:8080/v1", False),
        ("http://127.0.0.1:8080/v1", False),
        ("http://[::1]:8080", False),
        ("http://192.168.178.20:1234/v1", False),
        ("http://100.101.102.103:8000", False),
        ("http://[fd00::1]:8000", False),
        ("http://gpu:8000", False),
        ("http://gpu.lan:8000", False),
        ("http://GPU.LOCAL.:8000", False),
        ("http://my.gpu.home.arpa", False),
    ],
)
def test_address_is_in_the_house_or_outside(url: str, *, outside: bool) -> None:
    """Bare names, home's own endings and private addresses are the house."""
    assert is_outside(url) is outside


@pytest.mark.parametrize("url", ["http://api.example.com", "HTTP://api.example.com"])
def test_key_in_clear_text_is_refused(url: str) -> None:
    """Outside a key needs https; without a key nothing is refused."""
    with pytest.raises(ValueError, match="https"):
        refuse_clear_text(url, SecretStr(KEY))
    assert refuse_clear_text(url, None) is None
    assert refuse_clear_text("https://api.example.com", SecretStr(KEY)) is not None


@given(st.text(), st.text())
def test_readable_never_tells_the_key(before: str, after: str) -> None:
    """Wherever it stands; the text is one short line that can be printed."""
    told = readable(before + KEY + after, KEY)
    assert KEY not in told
    assert len(told) <= 200
    assert told.isprintable()


@pytest.mark.parametrize("reason", [None, 7, {}, "<html>no</html>", "", " \n "])
def test_readable_leaves_out_what_is_no_text(reason: object) -> None:
    """A page for a browser says nothing to a streamer."""
    assert readable(reason, KEY) == ""


def test_readable_masks_keys_that_are_not_ours() -> None:
    """Vendors repeat a part of a key in their errors."""
    assert readable("Incorrect key: sk-abc*****wxyz.", "") == "Incorrect key: ***."


@given(st.text(st.characters(categories=["Cs", "L", "Mn"])))
def test_sendable_can_always_be_encoded(text: str) -> None:
    """A lone surrogate is replaced, everything else stays."""
    sent = sendable(text)
    assert sent.encode("utf-8").decode("utf-8") == sent
    assert len(sent) == len(text)
