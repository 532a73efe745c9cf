"""Which of the devices that somebody announced are ours."""

from __future__ import annotations

import pytest

from pickled.mqtt.left_over import read_device
from tests.mqtt.kept import HOME, STUDIO, device, laptop


def test_device_of_ours_tells_whose_it_is() -> None:
    """The instance, and the node where it is one's."""
    for root in (HOME, STUDIO):
        for devices, node in ((device(root), ""), (laptop(root), "laptop")):
            ((topic, payload),) = devices.items()
            found = read_device(topic, payload)
            assert found
            assert (found.root, found.node, found.topic) == (root, node, topic)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"origin": "pickled"}',
        b'{"origin": {"name": "pickled"}}',
        b'{"origin": {"name": "pickled"}, "components": {"a": 1, "b": {"state_topic": ["x"]}}}',
        b'{"origin": {"name": "other"}, "components": {"a": {"state_topic": "a/b/muted/state"}}}',
    ],
)
def test_device_that_is_not_ours_is_left_alone(payload: bytes) -> None:
    """Anybody may write anything there."""
    assert read_device("homeassistant/device/x/config", payload) is None
