"""What docs/deploying.md gives fits together and fits the program, as far as that shows without a server."""

import re
import shlex
import subprocess

import pytest
from gunicorn.config import Config

from directory.config import Settings
from directory.web.uploading import MOST_REQUEST_BYTES
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
FOLDER = "/srv/directory/"


def block(first):
    """The indented lines from one that begins with some words, without their indent."""
    found = re.search(rf"^    {re.escape(first)}.*\n(?:(?:    .*)?\n)*", TEXT, re.MULTILINE)
    assert found, first
    return re.sub(r"^    ", "", found[0], flags=re.MULTILINE)


SETTINGS, UNIT, NGINX, COMPOSE = map(block, ("FLASK_APP=", "[Unit]", "server {", "services:"))
GUNICORN = [
    shlex.split(re.search(r"ExecStart=(.*\\\n.*)", UNIT)[1].replace("\\\n", "")),
    shlex.split(re.search(r"command: (gunicorn .*)", COMPOSE)[1]),
]


def test_a_shell_reads_each_setting_whole():
    names = re.findall(r"^(\w+)=", SETTINGS, re.MULTILINE)
    assert set(names) - {"FLASK_APP"} <= {name.upper() for name in Settings.__dataclass_fields__}
    shown = "\n".join(f'echo "${name}"' for name in names)
    done = subprocess.run(["sh", "-c", f"{SETTINGS}\n{shown}"], capture_output=True, text=True, check=True)
    assert not done.stderr
    assert done.stdout.splitlines() == re.findall(r'^\w+="?([^"\n]*)', SETTINGS, re.MULTILINE)


@pytest.mark.parametrize("command", GUNICORN, ids=["service", "container"])
def test_gunicorn_knows_its_options_and_finds_the_application(command):
    read = Config().parser().parse_args(command[1:])
    assert read.args == ["directory.serving:application()"]
    assert read.preload_app
    assert read.bind[0].endswith(":8000")


def test_nginx_asks_where_the_service_listens():
    listens = Config().parser().parse_args(GUNICORN[0][1:]).bind[0]
    assert re.findall(r"proxy_pass http://([^;]+);", NGINX) == [listens]
    assert f'ports: ["{listens}:8000"]' in COMPOSE
    # One server stands before the application, and it alone says who asks.
    assert "TRUSTED_PROXIES=1\n" in SETTINGS
    assert "X-Forwarded-For $remote_addr;" in NGINX


def test_nginx_lets_pass_what_the_application_takes():
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1])
    assert megabytes * 1024 * 1024 > MOST_REQUEST_BYTES


@pytest.mark.one_database
def test_nginx_finds_the_kept_files_where_they_are(app):
    pattern, place = re.search(r"location ~ (\S+) \{\s+alias (\S+);", NGINX).groups()
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("vendor/app.css")
    file = re.sub(pattern, place.replace("$1", r"\1"), address)
    assert (ROOT / file.removeprefix(FOLDER)).is_file(), file
    kept = app.test_client().get(address).headers
    assert kept["Cache-Control"] == re.search(r'add_header Cache-Control "([^"]+)"', NGINX)[1]
    assert f"X-Content-Type-Options {kept['X-Content-Type-Options']};" in NGINX


def test_containers_are_given_settings_that_exist():
    names = re.findall(r"^      ([A-Z_]+):", COMPOSE, re.MULTILINE)
    assert names
    assert {name.lower() for name in names} <= Settings.__dataclass_fields__.keys()
