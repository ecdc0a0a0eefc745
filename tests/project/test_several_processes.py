"""Two processes on two machines share nothing but PostgreSQL: each with an instance folder of its own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy.orm import Session

from directory.accounts.sessions import end_sessions
from directory.app import create_app
from directory.config import Settings
from tests.accounts import make_account, sign_in
from tests.conftest import ROOT
from tests.directory.bringing import bring
from tests.directory.documents import organization
from tests.serving import free_port

SECRETS = {name: f"for tests alone, and long enough {name}" for name in ("SECRET_KEY", "PASSWORD_SALT")}
WAYS = {
    "one": ("directory.app:create_app()",),
    "two": ("--preload", "--workers=2", "directory.serving:application()"),
}
NAME = "A record of this very moment"


@contextmanager
def process(url, folder, *served):
    """A server of the application in a process of its own; its address."""
    port = free_port()
    facts = {"DATABASE_URL": url, "INSTANCE_FOLDER": str(folder), **SECRETS}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    started = subprocess.Popen(
        [*command, *served],
        cwd=ROOT,
        env={**os.environ, **facts},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while started.poll() is None and read(address + "/about")[0] == 0:
            time.sleep(0.2)
        yield address
    finally:
        started.terminate()
        started.wait()


def read(address, cookie=""):
    """The status and the words of a page; 0 where nobody answers yet."""
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_what_one_does_the_other_knows_at_once(new_database, demonstration_template, tmp_path):
    url = new_database(demonstration_template)
    app = create_app(
        Settings(
            database_url=url,
            instance_folder=tmp_path / "third",
            **{name.lower(): value for name, value in SECRETS.items()},
        )
    )
    engine = app.extensions["engine"]
    account = make_account(app, "administrator")
    client = sign_in(app.test_client(), account)
    cookie = f"session={client.get_cookie('session').value}"
    with ExitStack() as stack:
        sites = [stack.enter_context(process(url, tmp_path / name, *way)) for name, way in WAYS.items()]
        for site in sites:
            assert "Your account" in read(f"{site}/about", cookie)[1]
            assert NAME not in read(f"{site}/search?what=moment")[1]
        with Session(engine) as session:
            bring(session, tmp_path, organization(name=NAME, services=[]))
            session.commit()
        organisation = organization(name=NAME)["id"]
        for site in sites:
            assert NAME in read(f"{site}/organisations/{organisation}")[1]
        with Session(engine) as session:
            end_sessions(session, account)
            session.commit()
        for site in sites:
            assert "Your account" not in read(f"{site}/about", cookie)[1]
    engine.dispose()
