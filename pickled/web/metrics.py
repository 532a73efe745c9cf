"""`/metrics`: how the co-host does, in figures that Prometheus reads."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from pickled.messages.chat import ChatBatch, ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent
from pickled.messages.state import Health, LatencyState, QueueState
from pickled.view.mirror import Decoded
from pickled.web.feed import Feed

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_MOST_REASONS = 60
"""Labels that come from messages have an end."""


class Metrics:
    """Counts what is published."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._registry = registry = CollectorRegistry()
        ProcessCollector(namespace="pickled_web", registry=registry)
        self._up = Gauge("pickled_up", "Is the daemon online?", registry=registry)
        self._broker = Gauge("pickled_broker_up", "Is the broker there?", registry=registry)
        self._pages = Gauge("pickled_web_overlays", "Open overlays.", registry=registry)
        self._chat = Counter("pickled_chat_messages", "Lines of chat.", registry=registry)
        self._decisions = Counter(
            "pickled_decisions", "Decisions about chat.", ("kind", "reason"), registry=registry
        )
        self._answers = Counter("pickled_answers", "Answers.", ("outcome",), registry=registry)
        self._part = Gauge(
            "pickled_part_up", "1 up, 0.5 degraded, 0 down.", ("part",), registry=registry
        )
        self._stage = Gauge(
            "pickled_latency_ms", "Stages of the last turn, ms.", ("stage",), registry=registry
        )
        self._waiting = Gauge("pickled_queue_waiting", "Messages that wait.", registry=registry)
        self._reasons: set[tuple[str, str]] = set()

    def text(self) -> bytes:
        """All of it."""
        self._up.set(self._feed.daemon)
        self._broker.set(self._feed.stage.broker)
        self._pages.set(len(self._feed.clients))
        return generate_latest(self._registry)

    def take(self, said: Decoded) -> None:
        """Count a message."""
        match said.value:
            case ChatMessage():
                self._chat.inc()
            case ChatBatch(messages=messages, suppressed=suppressed):
                self._chat.inc(len(messages) + suppressed)
            case Decision():
                self._decided(said.value)
            case ResponseEvent(event_type="finished" | "interrupted", outcome=outcome):
                self._answers.labels(outcome or "interrupted").inc()
            case Health(root=parts):
                for name, part in parts.items():
                    value = {"up": 1.0, "degraded": 0.5, "down": 0.0}.get(part.status)
                    if value is not None:
                        self._part.labels(name).set(value)
            case LatencyState():
                for name, ms in said.value.model_dump(exclude={"turn"}).items():
                    if ms is not None:
                        self._stage.labels(name).set(ms)
            case QueueState(waiting=waiting):
                self._waiting.set(waiting)

    def _decided(self, decision: Decision) -> None:
        counts = decision.counts or {decision.reason: max(1, len(decision.messages))}
        for reason, count in counts.items():
            kind = "skip" if decision.event_type == "summary" else decision.event_type
            labels = (kind, reason)
            if labels not in self._reasons and len(self._reasons) >= _MOST_REASONS:
                labels = (kind, "other")
            self._reasons.add(labels)
            self._decisions.labels(*labels).inc(count)
