"""What an annotation of the configuration's models allows."""

from __future__ import annotations

from typing import Any, TypeGuard, get_args, get_origin

from pydantic import BaseModel


def kinds_of(annotation: Any) -> tuple[Any, ...]:
    """The types that it allows, without what only restricts them."""
    if hasattr(annotation, "__metadata__"):
        return kinds_of(get_args(annotation)[0])
    if get_origin(annotation) is tuple or not get_args(annotation):
        return (annotation,)
    return tuple(kind for each in get_args(annotation) for kind in kinds_of(each))


def is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    """Has it keys of its own?"""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def model_at(model: type[BaseModel], place: tuple[str | int, ...]) -> type[BaseModel]:
    """The model that the keys at that place belong to."""
    for key in place:
        if not isinstance(key, str) or key not in model.model_fields:
            continue
        kinds = kinds_of(model.model_fields[key].annotation)
        inner = [item for kind in kinds for item in (kind, *map(_item, get_args(kind)))]
        model = next((each for each in inner if is_model(each)), model)
    return model


def _item(annotation: Any) -> Any:
    return next(iter(kinds_of(annotation)))
