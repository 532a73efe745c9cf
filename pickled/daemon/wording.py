"""Who words answers: the models, first choice first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from pickled.brain.persona import Persona
from pickled.config import Config
from pickled.errors import NoSuchModelError
from pickled.llm import ManyModels, Model
from pickled.offers import Offers
from pickled.orchestrator.parts.ladder import Ladder, start_ladder
from pickled.orchestrator.parts.supervise import Report
from pickled.plugins import Plug, Surroundings


def models(
    config: Config,
    plugs: Sequence[Plug],
    *,
    report: Report,
    dice: Callable[[], float],
    offers: Offers | None = None,
    later: bool = False,
) -> AbstractAsyncContextManager[Ladder[Model]]:
    """Enter to have them started: for the daemon, and for commands that let a model write.

    With `later` they are started by `run`.
    """
    assert config.data_dir is not None
    around = Surroundings(config.base_dir, config.data_dir, report, offers or Offers())
    return start_ladder(plugs, around, dice=dice, later=later)


def ask_for(models: Ladder[Model], persona: Callable[[], Persona]) -> None:
    """From now on it is looked whether the model is there that the persona in force names."""

    async def question(model: Model) -> None:
        wanted = persona()
        if wanted.model is None or not isinstance(model, ManyModels):
            return
        try:
            await model.probe_model(wanted.model)
        except NoSuchModelError as error:
            raise NoSuchModelError(f"{wanted.name} wants another model: {error}") from error

    models.question = question
