"""The section `web`: where the pages are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.config import WebConfig, load, secrets


@pytest.mark.parametrize(
    ("section", "address"),
    [
        ({}, None),
        ({"host": "127.0.0.2"}, None),
        ({"host": "0.0.0.0"}, None),
        ({"host": "home-server"}, "http://home-server:8000/"),
        ({"host": "::2", "port": 80}, "http://[::2]:80/"),
        ({"host": "pi", "certificate": "c.pem"}, "https://pi:8000/"),
        ({"origins": ["https://pickled.example"]}, "https://pickled.example/"),
    ],
)
def test_address_is_one_that_others_reach(section: dict[str, object], address: str | None) -> None:
    """Home Assistant links to the dashboard only where its link would lead somewhere."""
    assert WebConfig.model_validate(section).address == address


def test_secrets_of_the_pages_come_from_files_and_reach_no_log(tmp_path: Path) -> None:
    """Token and passwords stand in files beside the configuration; paths count from there."""
    for name in ("token", "password", "mouth"):
        (tmp_path / name).write_text(f"a long {name} to keep\n")
    file = tmp_path / "pickled.yaml"
    file.write_text(
        "web: {token_file: token, username: web, password_file: password, "
        "mouth_username: node-overlay, mouth_password_file: mouth, faces_dir: pictures}"
    )
    config = load(file, environ={}, cwd=tmp_path).config
    assert config.web.faces_dir == tmp_path / "pictures"
    assert secrets(config) >= {f"a long {name} to keep" for name in ("token", "password", "mouth")}
    assert "to keep" not in repr(config)
