"""Takes a layer as its writer means it: other keys, numbers for texts, addresses, paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, SecretStr

from pickled.config import forms
from pickled.config.config import Config
from pickled.config.keys import Given, rename, rename_in_part
from pickled.config.kinds import is_model, kinds_of
from pickled.config.layers import Layer, is_secret_name
from pickled.config.sections import MqttConfig, PartConfig, Section
from pickled.patterns import pattern
from pickled.yaml_lines import Where

SECTIONS = {
    name: field.annotation
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
"""Everything with keys of its own that is no part."""
_NOT_FILLED_IN = pattern(r"\$\{\w+\}")
_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
"""What a web page or a word processor makes of quotes: YAML takes it as part of the text."""
_FORMS: dict[Where, Callable[[str], str]] = {
    ("instance",): forms.instance_name,
    ("channel",): forms.channel_name,
    ("mqtt", "base_topic"): lambda text: forms.prefix(text, levels=False),
    ("mqtt", "discovery_prefix"): lambda text: forms.prefix(text, levels=True),
}
_TEXT_OPTIONS = ("model", "username", "channel", "user", "client_id")
"""Options of any part that are texts, also where they look like a number."""


def plainly(layer: Layer, environ: Mapping[str, str]) -> Layer:
    """The layer as it is meant; raises ConfigError that says what to write."""
    given = Given(layer, environ)
    values = layer.values
    if isinstance(values.get("mqtt"), str):  # the address alone
        key, _, rest = values["mqtt"].partition(":")
        if key in MqttConfig.model_fields:
            given.refuse(("mqtt",), f" lacks a space after a colon: write `{key}: {rest}`")
        given.moved(("mqtt",), ("mqtt", "host"))
        values = {**values, "mqtt": {"host": values["mqtt"]}}
    values = _section(rename(values, SECTIONS, given), Config, (), given)
    if isinstance(values.get("mqtt"), dict):
        _take_address_apart(values["mqtt"], given)
    return replace(layer, values=values, lines=given.lines, notes=(*layer.notes, *given.notes))


def _section(
    values: dict[str, Any], model: type[BaseModel], at: Where, given: Given
) -> dict[str, Any]:
    result = {}
    for key, value in values.items():
        place = (*at, key)
        kinds = kinds_of(model.model_fields[key].annotation) if key in model.model_fields else ()
        stem = key.removesuffix("_file")
        if is_secret_name(stem) and stem != key:
            kinds = (Path,)
        if value is None and kinds and type(None) not in kinds:
            given.refuse_comment(place)
            continue  # a key that nothing follows says nothing
        result[key] = _value(value, kinds, place, given)
    return result


def _value(value: Any, kinds: tuple[Any, ...], at: Where, given: Given) -> Any:
    listed = next((each for each in kinds if get_origin(each) is tuple), None)
    if listed is not None:
        inner = kinds_of(get_args(listed)[0])
        if isinstance(value, dict) and any(is_model(each) for each in inner):
            value = [value]
            given.into_list(at)
        if isinstance(value, str) and PartConfig in inner:
            given.refuse(at, f" has to be a list of parts: write `[{{kind: {value}}}]`")
        if not isinstance(value, list):
            return value
        return [_value(each, inner, (*at, index), given) for index, each in enumerate(value)]
    model = next((each for each in kinds if is_model(each)), None)
    if model is not None:
        return _mapping(value, model, at, given)
    if Path in kinds:
        text = _text(value, at, given)
        return given.checked(at, lambda: forms.path(text, given.environ)) if _is(text) else text
    if (str in kinds or SecretStr in kinds) and not {int, float} & set(kinds):
        text = _text(value, at, given)
        if (form := _FORMS.get(at)) and isinstance(text, str):
            return given.checked(at, lambda: form(text))
        return text
    return value


def _is(text: Any) -> bool:
    return isinstance(text, str) and bool(text)


def _mapping(value: Any, model: type[BaseModel], at: Where, given: Given) -> Any:
    if isinstance(value, bool) and "enabled" in model.model_fields:
        return {"enabled": value}
    if isinstance(value, str) and model is PartConfig:
        if value.lower() in ("none", "off", "no", "false", ""):
            given.refuse(at, " has keys of its own: write `null` for none")
        given.refuse(at, f" has keys of its own: write `{{kind: {value}}}`")
    if not isinstance(value, dict):
        return value
    return _part(value, at, given) if model is PartConfig else _section(value, model, at, given)


def _part(values: dict[str, Any], at: Where, given: Given) -> dict[str, Any]:
    """A part's options are those of its file; what is the same for all is seen to here."""
    values = rename_in_part(values, at, given)
    result = {}
    for key, value in values.items():
        place, secret = (*at, key), is_secret_name(key)
        if is_secret_name(key.removesuffix("_file")) and not secret:
            value = _value(value, (Path,), place, given)
        elif (secret or key in _TEXT_OPTIONS) and value is not None:
            value = _text(value, place, given)
        elif secret or key in _TEXT_OPTIONS:
            given.refuse_comment(place)
        elif key == "fallback":
            value = _value(value, (tuple[PartConfig, ...],), place, given)
        if key == "channel" and str(values.get("kind", "")).startswith("twitch") and _is(value):
            value = given.checked(place, partial(forms.channel_name, value))
        result[key] = value
    return result


def _text(value: Any, at: Where, given: Given) -> Any:
    """As it was written, where YAML made something else of it."""
    if value is None:
        given.refuse_comment(at)
    if value is not None and not isinstance(value, str | list | dict):
        return given.texts.get(at, value)
    if not isinstance(value, str):
        return value
    if _NOT_FILLED_IN.fullmatch(value.strip()):
        given.refuse(at, f": variables are not filled in here: set PICKLED_{_variable(at)} instead")
    return value.strip(_QUOTES) if value.strip()[:1] in _QUOTES else value


def _variable(at: Where) -> str:
    return "__".join(str(each) for each in at).upper()


def _take_address_apart(mqtt: dict[str, Any], given: Given) -> None:
    """A host may be written as an address with all that belongs to it."""
    at: Where = ("mqtt", "host")
    text = mqtt.get("host")
    if not isinstance(text, str):
        return
    address = given.checked(at, lambda: forms.broker_address(text))
    mqtt["host"] = address.host
    said = {"port": address.port, "username": address.username, "tls": address.tls}
    if address.tls and address.port is None and "port" not in mqtt:
        said["port"] = forms.TLS_PORT
    for key, value in said.items():
        own = mqtt.get(key)
        if value is None:
            continue
        if own is not None and str(own).lower() != str(value).lower():
            given.refuse(at, f" says another {key} than mqtt.{key}: keep one of them")
        mqtt[key] = value
        if at in given.lines:
            given.lines.setdefault(("mqtt", key), given.lines[at])
