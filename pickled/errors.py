"""Every error that pickled raises, as one tree.

PickledError
├── ConfigError            a file or a variable is wrong: says which, and how to mend it
├── UsageError             a command was called in a way that it does not understand
├── ContractError          a payload does not follow the MQTT contract
│   └── CommandRefused     a command that is answered `rejected`, with its code
├── BrokerError            the broker can't be reached, refuses us, or takes our name away
├── SourceError            an input lost its service
│   └── TwitchError        Twitch refuses, fails, or can't be reached
├── PartError              a part does not do what its folder asks of it
├── RecordingError         a recording can't be read
├── ModelError             a model failed, hung, or answered with something else
│   ├── TornError          an answer ended at its limit: what is whole of it may be said
│   └── NoSuchModelError   the service is there, and has no model of that name
├── VoiceError             a voice failed, hung, or gave no sound
│   ├── ServiceAwayError   its service does not answer at all
│   └── FloodedError       it takes no more clauses just now, in this way
├── RecognizerError        speech can't be recognized just now, or a recognizer was lost
├── EmbedderError          texts can't be embedded just now: words alone serve
│   └── WorkerError        the process that embeds is dead or of no use: it is replaced
├── InstallError           the machine can't be set up, or not put back, as it was told to
├── BackupError            a backup can't be made or put back: says what is wrong with it
├── StoreError             the memory's file can't be opened, read or written
└── DeviceError            a sound device is missing or has stopped
"""


class PickledError(Exception):
    """The root of the tree; its text names the way out."""


class ConfigError(PickledError):
    """A configuration value is missing or wrong."""


class UsageError(PickledError):
    """A command was called in a way that it does not understand."""


class ContractError(PickledError):
    """A payload does not follow the MQTT contract."""


class CommandRefused(ContractError):
    """A command that is not done.

    `code` is one of the contract's codes, `field` the part of the payload that is wrong,
    `command_id` the sender's id, where it could be read.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.command_id: str | None = None


class BrokerError(PickledError):
    """The MQTT broker can't be used."""


class SourceError(PickledError):
    """An input lost its service; `permanent` means that trying again can't help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class TwitchError(SourceError):
    """Twitch refuses, fails, or can't be reached; `permanent` as for any source.

    `status` is that of its answer, 0 without one; `retry_s` how long it wants to be left alone;
    `signed_out` means that only a new sign-in helps.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        permanent: bool = False,
        retry_s: float = 0.0,
        signed_out: bool = False,
    ) -> None:
        super().__init__(message, permanent=permanent)
        self.status = status
        self.retry_s = retry_s
        self.signed_out = signed_out


class PartError(PickledError):
    """A part (an input, a model, a voice, an output) does not do what is asked of such a part."""


class RecordingError(PickledError):
    """A recording can't be read; the text names the file and the line."""


class ModelError(PickledError):
    """A model failed, hung, or answered with something else than what was asked for.

    `lasts` means that a probe can't tell whether it is over: only an answer can. `loading` means
    that the model will be there shortly.
    """

    def __init__(self, message: str, *, lasts: bool = False, loading: bool = False) -> None:
        super().__init__(message)
        self.lasts = lasts
        self.loading = loading


class TornError(ModelError):
    """An answer ended at its limit; what is whole of it may be said."""


class NoSuchModelError(ModelError):
    """The service is there, and has no model of that name."""


class VoiceError(PickledError):
    """A voice failed, hung, or gave no sound."""


class ServiceAwayError(VoiceError):
    """A service of voices does not answer at all: none of them is to blame."""


class FloodedError(VoiceError):
    """A voice takes no more clauses just now, in this way; those that it has are not concerned."""


class RecognizerError(PickledError):
    """A recognizer failed, hung, or is not there; its text names the remedy.

    `lost` means that it had worked until its connection was cut: it may be used again at once.
    `loading` means that the model will be there shortly.
    """

    def __init__(self, message: str, *, lost: bool = False, loading: bool = False) -> None:
        super().__init__(message)
        self.lost = lost
        self.loading = loading


class EmbedderError(PickledError):
    """Texts can't be embedded just now; recall goes by words alone meanwhile.

    `loading` means that the model will be there shortly.
    """

    def __init__(self, message: str, *, loading: bool = False) -> None:
        super().__init__(message)
        self.loading = loading


class WorkerError(EmbedderError):
    """The process that embeds has died, hangs, or answers with garbage; another one follows."""


class StoreError(PickledError):
    """The memory's file can't be opened, read or written; the text names the remedy."""


class BackupError(PickledError):
    """A backup can't be made, or is torn, foreign, too new, or locked by another passphrase."""


class InstallError(PickledError):
    """A step of an installation can't be done, or not be taken back; the text says which."""


class DeviceError(PickledError):
    """A sound device is missing or has stopped."""
