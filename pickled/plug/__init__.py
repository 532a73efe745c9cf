"""The one door for parts that others write: what a part of another package imports, it finds here.

The promise: a name that stands here stays, and so does what it takes and gives, until a new major
version; wherever it lies inside, it may move. Names, optional fields and optional arguments may be
added. All other modules of pickled are its own affair. How a part is written is in `README.md`.
"""

from __future__ import annotations

from pickled.audio import MIC_RATE, SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import (
    ConfigError,
    EmbedderError,
    ModelError,
    NoSuchModelError,
    PartError,
    PickledError,
    RecognizerError,
    SourceError,
    TornError,
    VoiceError,
)
from pickled.inputs import Emit, Source
from pickled.llm import Model
from pickled.llm.compress import Compressor
from pickled.llm.guard import Guard, Judgement
from pickled.memory import Embedder
from pickled.messages.base import Strict
from pickled.messages.chat import ChatCleared, ChatDeleted, ChatMessage, Fragment
from pickled.messages.decision import Request
from pickled.messages.emotion import EMOTIONS, Emotion
from pickled.messages.events import Event
from pickled.messages.prompt import Prompt, PromptMessage
from pickled.messages.recognized import PAUSE, Recognized, RecognizedWord
from pickled.messages.speech import Speech
from pickled.messages.state import Status
from pickled.messages.stream import STREAM_EVENT_TYPES, StreamEvent, StreamEventType, StreamState
from pickled.messages.vision import Scene
from pickled.messages.word_end import WordEnd
from pickled.mqtt import Handler, Incoming
from pickled.offers import HouseBus, MicrophoneBus, Offers, PartBus, Recognizers, Share, Tap, Undo
from pickled.outputs import Output, Performer
from pickled.plugins import Surroundings
from pickled.stt import Recognizer
from pickled.tts import Synthesizer

__all__ = [
    "EMOTIONS",
    "MIC_RATE",
    "PAUSE",
    "SAMPLE_BYTES",
    "SPEECH_RATE",
    "STREAM_EVENT_TYPES",
    "ChatCleared",
    "ChatDeleted",
    "ChatMessage",
    "Compressor",
    "ConfigError",
    "Embedder",
    "EmbedderError",
    "Emit",
    "Emotion",
    "Event",
    "Fragment",
    "Guard",
    "Handler",
    "HouseBus",
    "Incoming",
    "Judgement",
    "MicrophoneBus",
    "Model",
    "ModelError",
    "NoSuchModelError",
    "Offers",
    "Output",
    "PartBus",
    "PartError",
    "Performer",
    "PickledError",
    "Prompt",
    "PromptMessage",
    "Recognized",
    "RecognizedWord",
    "Recognizer",
    "RecognizerError",
    "Recognizers",
    "Request",
    "Scene",
    "Share",
    "Source",
    "SourceError",
    "Speech",
    "Status",
    "StreamEvent",
    "StreamEventType",
    "StreamState",
    "Strict",
    "Surroundings",
    "Synthesizer",
    "Tap",
    "TornError",
    "Undo",
    "VoiceError",
    "WordEnd",
]
