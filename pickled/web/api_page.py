"""The page that explains the REST interface, from its own OpenAPI description; needs no network."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif;
  max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; padding: .8rem 1rem;
  border-radius: .6rem; background: rgba(127, 160, 110, .16); }
section { border-top: 1px solid rgba(127, 127, 127, .35); padding: .5rem 0; }
b { display: inline-block; min-width: 3.2em; }
"""


def api_page(description: dict[str, Any]) -> str:
    """HTML of what FastAPI says of the routes."""
    schemas = description.get("components", {}).get("schemas", {})
    parts = [
        _operation(path, method, about, schemas)
        for path, methods in description["paths"].items()
        for method, about in methods.items()
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>pickled: REST</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body><main>'
        "<h1>REST</h1><p>Machine-readable: <a href='/openapi.json'>openapi.json</a>. Where one "
        "has to sign in, send <code>Authorization: Bearer TOKEN</code>; figures for Prometheus "
        f"are at <a href='/metrics'>/metrics</a>.</p>{''.join(parts)}</main></body></html>"
    )


def _operation(path: str, method: str, about: dict[str, Any], schemas: dict[str, Any]) -> str:
    body = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    takes = _example(body.get("schema", {}), schemas) if body else None
    answers = about.get("responses", {}).get("200", {})
    shape = answers.get("content", {}).get("application/json", {}).get("schema", {})
    gives = _example(shape, schemas)
    return (
        f"<section><p><b>{method.upper()}</b> <code>{escape(path)}</code></p>"
        + (f"<p>takes</p><pre>{escape(takes)}</pre>" if takes else "")
        + f"<p>answers</p><pre>{escape(gives)}</pre></section>"
    )


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """The fields of an object and what each may be."""
    found = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    fields = {name: _kind(each) for name, each in found.get("properties", {}).items()}
    return json.dumps(fields, indent=2)


def _kind(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_kind(each) for each in field["anyOf"])
    if "enum" in field:
        return " or ".join(map(str, field["enum"]))
    if "maximum" in field:
        return f"{field.get('minimum', 0):g} to {field['maximum']:g}"
    return str(field.get("type", field.get("$ref", "").rpartition("/")[2]))
