"""The overlay's page, its files, its socket, and the owner's own faces."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.requests import Request
from starlette.websockets import WebSocket

from pickled.patterns import pattern
from pickled.web.feed import Feed
from pickled.web.mouth import Mouth

STATIC = Path(__file__).parent / "static"
_FILES = {
    "overlay.css": "text/css",
    "overlay.js": "text/javascript",
    "face.js": "text/javascript",
    "speaker.js": "text/javascript",
}
_NAME = pattern(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_PICTURE = pattern(r"[a-z]{1,16}(?:-[a-z]{1,16})?\.png")
_HOST = pattern(r"[A-Za-z0-9.:\[\]-]{1,255}")
_MOST_PICTURES = 200
_LARGEST_PICTURE = 8_000_000


def policy(host: str) -> str:
    """The overlay's Content-Security-Policy: files of ours and our own socket, nothing inline."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def overlay_routes(feed: Feed, mouth: Mouth, faces: Path) -> APIRouter:
    """Everything below `/overlay`, and the two sockets."""
    router = APIRouter(include_in_schema=False)

    @router.get("/overlay")
    def page(request: Request) -> Response:
        headers = {
            "content-security-policy": policy(request.headers.get("host", "")),
            "cache-control": "no-cache",
        }
        return FileResponse(STATIC / "overlay.html", media_type="text/html", headers=headers)

    @router.get("/overlay/static/{name}")
    def file(name: str) -> Response:
        if name not in _FILES:
            return Response(status_code=404)
        headers = {"cache-control": "no-cache"}
        return FileResponse(STATIC / name, media_type=_FILES[name], headers=headers)

    @router.get("/overlay/faces/{face}")
    def face_pictures(face: str) -> Response:
        return JSONResponse(sorted(_pictures(faces, face)))

    @router.get("/overlay/faces/{face}/{name}")
    def picture(face: str, name: str) -> Response:
        if name not in _pictures(faces, face):
            return Response(status_code=404)
        return FileResponse(faces / face / name, media_type="image/png")

    @router.websocket("/ws/avatar")
    async def avatar(socket: WebSocket) -> None:
        sound = socket.query_params.get("audio") != "0"
        await feed.clients.serve(socket, sound=sound, first=feed.hello())

    @router.websocket("/ws/mouth")
    async def speaker(socket: WebSocket) -> None:
        await mouth.serve(socket)

    return router


def _pictures(faces: Path, face: str) -> set[str]:
    """The pictures of one of the owner's faces; none if there is no such face."""
    folder = faces / face
    if not _NAME.fullmatch(face) or not folder.is_dir():
        return set()
    found = set()
    for path in folder.iterdir():
        usable = _PICTURE.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        if usable and path.stat().st_size <= _LARGEST_PICTURE:
            found.add(path.name)
        if len(found) >= _MOST_PICTURES:
            break
    return found
