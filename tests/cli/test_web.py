"""`pickled web`: where it listens, and what stops it from it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pickled.cli.web import _told
from pickled.config import Config, WebConfig
from pickled.errors import UsageError
from tests.cli.command_line import Run
from tests.stand_ins.installs import Install
from tests.stand_ins.processes import environment

NOTHING = {"host": None, "port": None, "cert": None, "key": None}


def where(
    environ: dict[str, str], config: Config | None = None, **options: object
) -> tuple[str, int]:
    """Where it would listen."""
    web = _told(config or Config(), environ, **{**NOTHING, **options}).web  # type: ignore[arg-type]
    return web.host, web.port


def test_web_listens_on_this_machine_alone() -> None:
    """Unless somebody says otherwise."""
    assert where({}) == ("127.0.0.1", 8000)


def test_prototypes_variables_say_where() -> None:
    """HOST and PORT count where the file says nothing, and options win over both."""
    old = {"HOST": "127.0.0.2", "PORT": "8100"}
    assert where(old) == ("127.0.0.2", 8100)
    assert where(old, port=8200) == ("127.0.0.2", 8200)
    assert where(old, Config(web=WebConfig(port=8300))) == ("127.0.0.2", 8300)


@pytest.mark.parametrize("name", ["streambox", "my.example", "0.0.0.0.0", ""])
def test_name_of_the_machine_is_no_address(name: str) -> None:
    """Some shells keep it in HOST: that must not open the pages to a network."""
    assert where({"HOST": name})[0] == "127.0.0.1"


def test_port_that_is_none_is_told() -> None:
    """A typing error is no reason to listen somewhere else."""
    with pytest.raises(UsageError, match="PORT=eighty is no port"):
        where({"PORT": "eighty"})


def test_taken_port_is_named_with_the_way_out(run: Run) -> None:
    """One readable line, and exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run("web", "--port", str(taken.getsockname()[1]))
    assert ran.code == 1
    assert "Another port: `--port 8001`, or web.port" in ran.err


def test_certificate_without_its_key_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """Both or none."""
    ran = run("web", "--cert", str(tmp_path / "web.pem"))
    assert ran.code == 2
    assert "A certificate needs its key" in ran.err


def test_certificate_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    """A file that is not there, or holds something else: one line, exit code 1."""
    (tmp_path / "web.pem").write_text("nothing")
    for name in ("web.pem", "missing.pem"):
        ran = run("web", "--cert", str(tmp_path / name), "--key", str(tmp_path / name))
        assert ran.code == 1
        assert "no certificate with its key" in ran.err


def test_pages_need_no_more_than_their_extra(tmp_path: Path) -> None:
    """Where nothing else is installed all of it loads, up to the port that is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        install = Install(tmp_path / "install", "web")
        ran = install.run("web", "--port", port, cwd=tmp_path, environ=environment(tmp_path))
    assert ran.returncode == 1
    assert "Another port" in ran.stderr
