"""Asks who words the answers, fetches the model, and lets it answer once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import ollama
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from pickled.cli.machine import OLLAMA, USUAL_MODEL
from pickled.cli.setup.draft import Draft
from pickled.cli.setup.interview import Choice, Interview
from pickled.config import Config
from pickled.doctor.check import Check
from pickled.doctor.parts import surroundings
from pickled.doctor.trial.trial import try_plug
from pickled.errors import ModelError
from pickled.extras import missing, needs
from pickled.plugins import Plug, find
from pickled.services import ollama as service

TO_FETCH: dict[str, str] = {
    USUAL_MODEL: "2.2 GB; the one that pickled is tried with",
    "llama3.2:1b": "1.3 GB; for a machine without a GPU",
    "qwen2.5:7b": "4.7 GB; writes better, wants a GPU with 8 GB",
}
"""Models of Ollama's library, how much they load down, and whom they suit."""
NONE = "none"
LOADING_S = 180.0
"""So long a model may take from the disk into memory."""
_LOOK_S = 0.5
_IDLE_S = 120.0
"""So long nothing may come of a model that is fetched."""
_MOST_TRIES = 10
_MOST_MODELS = 30


def ask_model(questions: Interview, draft: Draft) -> bool:
    """Take a model that is there, or is fetched now; does it answer? `readout` needs none."""
    questions.heading("The model that words the answers")
    llm = draft.config().llm
    kind = questions.choose(
        "llm", "Who words them",
        [
            Choice("ollama", "Ollama, on this machine or another one of the house"),
            Choice("openai", "a server with OpenAI's interface: llama.cpp, vLLM, LM Studio"),
            Choice("readout", "nobody: it picks what matters and reads it out"),
        ],
        default=llm.kind if llm.kind in ("ollama", "openai", "readout") else "ollama",
    )  # fmt: skip
    before = llm.options if llm.kind == kind else {}
    if kind == "ollama":
        if not _ask_ollama(questions, draft, before):
            return False
    elif kind == "openai":
        _ask_openai(questions, draft, before)
    else:
        draft.set_part("llm", kind, {})
        return False
    return _answers(questions, draft)


def _ask_ollama(questions: Interview, draft: Draft, before: Mapping[str, object]) -> bool:
    """Is the model there?"""
    host = str(before.get("host") or OLLAMA)
    there: list[str] = []
    found = False
    for _ in range(_MOST_TRIES):
        host = questions.ask("host", "Where Ollama is", default=host, check=_address)
        try:
            there, found = asyncio.run(_models(host)), True
            break
        except ModelError as error:
            questions.bad(f"{error}. It is to be had at ollama.com; then `pickled setup` again.")
        if questions.defaults or "host" in questions.given:
            break
        if not questions.yes("Try again, or another address?"):
            break
    wanted = str(before.get("model") or os.environ.get("OLLAMA_MODEL") or USUAL_MODEL)
    model = _choose_model(questions, there, wanted)
    options = {"model": model}
    if host != OLLAMA or before.get("host"):
        options["host"] = host
    draft.set_part("llm", "ollama", options)
    return _is_there(model, there) or (found and _fetch(questions, host, model))


def _choose_model(questions: Interview, there: list[str], wanted: str) -> str:
    choices = [Choice(each, "is there") for each in there[:_MOST_MODELS]]
    choices += [
        Choice(name, f"to be fetched: {about}")
        for name, about in TO_FETCH.items()
        if not _is_there(name, there)
    ]
    if not _is_there(wanted, there) and wanted not in TO_FETCH and there:
        wanted = there[0]
    known = next((each.value for each in choices if _is_there(wanted, [each.value])), wanted)
    return questions.choose(
        "model", "Which one (a number, or any name of Ollama's library)", choices,
        default=known, free=True,
    )  # fmt: skip


def _is_there(name: str, there: list[str]) -> bool:
    return name in there or f"{name}:latest" in there


def _address(text: str) -> str:
    plain = text.strip().rstrip("/")
    plain = plain if "://" in plain else f"http://{plain}"
    try:
        return service.Server(host=plain).host
    except ValueError:
        raise ValueError(
            f"is no address of Ollama: write it as {OLLAMA}, without a name or a password"
        ) from None


async def _models(host: str) -> list[str]:
    """Those that can write; raises ModelError if no Ollama answers."""
    async with service.new_client(host, longest_s=5, connect_s=2) as client:
        try:
            listed = await client.list()
        except service.failures() as error:
            raise ModelError(service.explain(error, host=host, model="its models")) from error
    return [each.model for each in listed.models if each.model and "embed" not in each.model]


def _fetch(questions: Interview, host: str, model: str) -> bool:
    if not questions.yes(f"Fetch {model} now? (Ctrl-C stops it; what has come stays)"):
        questions.bad(f"Until `ollama pull {model}` was run, it reads out instead of answering.")
        return False
    try:
        asyncio.run(_pull(questions.console, host, model))
    except ModelError as error:
        questions.bad(f"{error}.")
        return False
    questions.good(f"{model} is there")
    return True


async def _pull(console: Console, host: str, model: str) -> None:
    """Fetch it, and show how far it is; raises ModelError."""
    what, speed = TextColumn("{task.description}"), TransferSpeedColumn()
    columns = (what, BarColumn(), DownloadColumn(), speed)
    async with service.new_client(host, longest_s=_IDLE_S, connect_s=2) as client:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(model, total=None)
            try:
                async for each in await client.pull(model, stream=True):
                    name = (each.status or model)[:40]
                    progress.update(
                        task, description=name, total=each.total, completed=each.completed or 0
                    )
            except ollama.ResponseError as error:
                reason = " ".join(str(error.error).split())[:200]
                raise ModelError(
                    f"{model} could not be fetched: {reason}; `ollama list` tells what is there, "
                    "ollama.com/library what there is"
                ) from error
            except service.failures() as error:
                raise ModelError(service.explain(error, host=host, model=model)) from error


def _ask_openai(questions: Interview, draft: Draft, before: Mapping[str, object]) -> None:
    if absent := missing("openai"):
        questions.bad(needs(absent[0]))
    url = questions.ask(
        "base-url", "Its address, up to /v1",
        default=str(before.get("base_url") or "http://127.0.0.1:8080/v1"), check=_base_url,
    )  # fmt: skip
    model = questions.ask(
        "model",
        "The model's name there",
        default=str(before.get("model") or "") or None,
        check=_some,
    )
    options = {"base_url": url, "model": model}
    file = questions.ask(
        "api-key-file", "A file that holds the key (empty for none)", default="",
        check=lambda text: _key_file(text, draft.path.parent),
    )  # fmt: skip
    if file:
        options["api_key_file"] = file
    draft.set_part("llm", "openai", options)


def _base_url(text: str) -> str:
    plain = text.strip().rstrip("/")
    if not plain.startswith(("http://", "https://")) or "@" in plain or " " in plain:
        raise ValueError("is no address: write it as http://127.0.0.1:8080/v1, without a key in it")
    return plain


def _some(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty: write what the server calls it")
    return text.strip()


def _key_file(text: str, folder: Path) -> str:
    if text.strip() and not (folder / Path(text.strip()).expanduser()).is_file():
        raise ValueError("is not there: write the key into it first, or leave this empty")
    return text.strip()


def _answers(questions: Interview, draft: Draft) -> bool:
    config = draft.config()
    plug = find("llm", config.llm)
    with questions.console.status("It is loaded, and asked a question …"):
        checks = asyncio.run(_answered(plug, config))
    for check in checks:
        told = " ".join(part for part in (check.what, check.why, check.remedy) if part)
        if check.status != "ok":
            questions.bad(told)
        elif check.name in ("answers", "speed"):
            questions.good(told)
    return not any(check.status == "fail" for check in checks)


async def _answered(plug: Plug, config: Config) -> list[Check]:
    async with plug.start(surroundings(config)) as model:
        end = asyncio.get_running_loop().time() + LOADING_S
        while asyncio.get_running_loop().time() < end:
            try:
                await model.probe()
            except ModelError as error:
                if error.loading:
                    await asyncio.sleep(_LOOK_S)
                    continue
            break
    return await try_plug(plug, config, seconds=1.0)
