"""The page on which one signs in: it needs no other file, as none is given out before."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final
from urllib.parse import quote

_STYLE = """
:root { color-scheme: light dark; --leaf: #3f8f3a; --paper: #f4f7ee; --ink: #1c2618; }
@media (prefers-color-scheme: dark) { :root { --leaf: #8fd36f; --paper: #12180f; --ink: #e8f0e0; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
form { width: min(22rem, 90vw); display: grid; gap: .8rem; }
h1 { font-size: 1.5rem; margin: 0; } p { margin: 0; opacity: .8; }
.wrong { color: #d0433b; opacity: 1; }
input, button { font: inherit; padding: .7rem .9rem; border-radius: .7rem; }
input { border: 1px solid currentColor; background: transparent; color: inherit; }
button { border: 0; background: var(--leaf); color: var(--paper);
  font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
"""What comes with it."""


def sign_in_page(after: str, wrong: str = "") -> str:
    """The page; `after` is where it leads, `wrong` what was wrong before."""
    told = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>pickled: sign in</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><style>{_STYLE}</style></head>
<body><form method="post" action="/sign-in?next={escape(quote(after))}">
<h1>pickled</h1><p>The token is <code>web.token</code>, or in the file that <code>pickled web</code>
named as it started.</p>{told}
<label>Token
<input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Sign in</button></form></body></html>
"""
