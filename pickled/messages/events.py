"""What inputs give to the brain: one union of all that can happen."""

from __future__ import annotations

from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent, StreamState
from pickled.messages.vision import Scene

Event = ChatMessage | ChatDeleted | ChatCleared | StreamEvent | StreamState | Speech | Scene
