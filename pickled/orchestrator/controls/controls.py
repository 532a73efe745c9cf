"""What the co-host is set to: mutes, pause, persona, voice, volume, rhythm, leases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pickled.brain.persona import Persona
from pickled.brain.selection import Rules
from pickled.config import SafetyConfig
from pickled.messages.state import InhibitState, Lease
from pickled.orchestrator.controls.settings import Settings
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.state import States

FULL_VOLUME = 100.0
MOST_LEASES = 50
_MUTES = ("muted/state", "mic_muted/state")


@dataclass(frozen=True)
class _Lease:
    until: float
    """In seconds of the loop's clock."""
    shown: Lease


class Controls:
    """The values in force; each change is published."""

    def __init__(
        self,
        *,
        settings: Settings,
        states: States,
        clock: Clock,
        personas: Mapping[str, Persona],
        configured_persona: str,
        voice_in_force: Callable[[Persona, str | None], str],
        safety: SafetyConfig | None = None,
    ) -> None:
        """`voice_in_force` tells what a persona and the voice that was set really sound like."""
        safety = safety or SafetyConfig()
        self._configured = {"approval": safety.approval, "discreet": safety.discreet}
        self._settings = settings
        self._states = states
        self._clock = clock
        self.personas = dict(personas)
        self._configured_persona = configured_persona
        self._voice_in_force = voice_in_force
        self._leases: dict[str, _Lease] = {}
        self._held: set[str] = set()
        self.mutes_known = True
        """False at the start, until what nodes and broker say has been heard."""
        self.on_change: list[Callable[[], None]] = []

    @property
    def muted(self) -> bool:
        """It makes no sound: by our mute, or by the nodes'."""
        return self.switched("muted") or "muted" in self._held

    @property
    def mic_muted(self) -> bool:
        return self.switched("mic_muted") or "mic_muted" in self._held

    @property
    def paused(self) -> bool:
        return self.switched("paused")

    @property
    def approval(self) -> bool:
        """Every answer waits for a person."""
        return self.switched("approval")

    @property
    def discreet(self) -> bool:
        """No places, no scene."""
        return self.switched("discreet")

    @property
    def persona_name(self) -> str:
        """The file's name; the configured one if the one that was set is gone."""
        name = str(self._settings.get("persona", self._configured_persona))
        return name if name in self.personas else self._configured_persona

    @property
    def needed_personas(self) -> frozenset[str]:
        """Those that can't go: the one in force and the configured one."""
        return frozenset({self.persona_name, self._configured_persona})

    @property
    def persona(self) -> Persona:
        return self.personas[self.persona_name]

    @property
    def volume(self) -> float:
        return float(self._settings.get("volume", FULL_VOLUME))

    @property
    def cooldown(self) -> float:
        """Seconds."""
        return float(self._own("cooldown", self.persona.behavior.cooldown))

    @property
    def spontaneity(self) -> float:
        """Percent."""
        return float(self._own("spontaneity", self.persona.behavior.spontaneity))

    @property
    def voice(self) -> str | None:
        """Set at run time, or the persona's own; None leaves it to the engine."""
        chosen = self._own("voice", self.persona.voice.voice_id)
        return None if chosen is None else str(chosen)

    @property
    def rules(self) -> Rules:
        """What the selection decides by."""
        behavior = self.persona.behavior
        return Rules(
            triggers=self.persona.triggers,
            spontaneity=self.spontaneity / 100,
            cooldown=self.cooldown,
            mention_ttl=behavior.mention_ttl,
            batch_size=behavior.chat_batch_size,
            answer_questions=behavior.answer_questions,
            weights=self.persona.weights,
        )

    @property
    def inhibited(self) -> bool:
        """Somebody holds a do-not-speak lease."""
        self._expire_leases()
        return bool(self._leases)

    @property
    def inhibited_until(self) -> float | None:
        """When the last lease runs out, in seconds of the loop's clock."""
        self._expire_leases()
        return max((lease.until for lease in self._leases.values()), default=None)

    def set_switch(self, name: str, value: bool) -> None:
        """`muted`, `mic_muted`, `paused`, `approval` or `discreet`."""
        configured = self._configured.get(name, False)
        self._settings.set(name, None if value == configured else value, configured=configured)
        self._changed(f"{name}/state")

    def switched(self, name: str) -> bool:
        """What that switch was set to, whatever the nodes hold."""
        return bool(self._settings.get(name, self._configured.get(name, False)))

    def set_held(self, name: str, held: bool) -> None:
        """The nodes hold that mute, or no longer: published if it makes a difference."""
        if held == (name in self._held):
            return
        self._held ^= {name}
        if not self.switched(name):
            self._changed(f"{name}/state")

    def set_persona(self, name: str | None) -> None:
        """From the next turn on; None is the configured one."""
        self._settings.set("persona", name, configured=self._configured_persona)
        self._changed("persona/state")

    def set_volume(self, percent: float | None) -> None:
        self._settings.set("volume", percent, configured=FULL_VOLUME)
        self._changed("volume/state")

    def set_cooldown(self, seconds: float | None) -> None:
        self._set_own("cooldown", seconds, self.persona.behavior.cooldown)

    def set_spontaneity(self, percent: float | None) -> None:
        self._set_own("spontaneity", percent, self.persona.behavior.spontaneity)

    def set_voice(self, name: str | None) -> None:
        self._set_own("voice", name, self.persona.voice.voice_id)

    def inhibit(self, holder: str, seconds: float) -> bool:
        """Take, renew or (0 s) give back a lease; False if there are too many holders."""
        self._expire_leases()
        if seconds <= 0:
            self._leases.pop(holder, None)
        elif holder not in self._leases and len(self._leases) >= MOST_LEASES:
            return False
        else:
            until = self._clock.wall() + timedelta(seconds=seconds)
            shown = Lease(holder=holder, until=until)
            self._leases[holder] = _Lease(self._clock.now() + seconds, shown)
        self._changed("inhibit/state")
        return True

    def replace_personas(self, personas: Mapping[str, Persona]) -> None:
        """After a reload; the configured one is always among them."""
        self.personas = dict(personas)
        self._changed("persona/state")

    def publish(self, again: str = "") -> None:
        """All states; that of `again` also when it did not change."""
        for path, value in self._values().items():
            if path in _MUTES and not self.mutes_known:
                continue
            self._states.set(path, value, again=path == again)

    def _values(self) -> dict[str, Any]:
        self._expire_leases()
        leases = InhibitState(tuple(lease.shown for lease in self._leases.values()))
        return {
            "muted/state": self.muted,
            "mic_muted/state": self.mic_muted,
            "paused/state": self.paused,
            "approval/state": self.approval,
            "discreet/state": self.discreet,
            "persona/state": self.persona_name,
            "voice/state": self._voice_in_force(self.persona, self.voice),
            "volume/state": self.volume,
            "cooldown/state": self.cooldown,
            "spontaneity/state": self.spontaneity,
            "inhibit/state": leases,
        }

    def _own(self, name: str, configured: Any) -> Any:
        return self._settings.get(f"{name}@{self.persona_name}", configured)

    def _set_own(self, name: str, value: Any, configured: Any) -> None:
        self._settings.set(f"{name}@{self.persona_name}", value, configured=configured)
        self._changed(f"{name}/state")

    def _changed(self, path: str) -> None:
        self.publish(again=path)
        for listener in self.on_change:
            listener()

    def _expire_leases(self) -> None:
        now = self._clock.now()
        self._leases = {who: lease for who, lease in self._leases.items() if lease.until > now}
