"""Read a stranger's file in a process of its own, which has little memory and time and no secrets."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

from directory.languages import LANGUAGES, N_, gettext, speak, spoken
from directory.safekeeping.papers import remake_pdf
from directory.safekeeping.pictures import RefusedError, remake_picture

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
TOO_MUCH = N_(
    "The file takes too long, or too much memory, to read. Make it simpler or smaller and send it again."
)


def remake(kind: str, data: bytes) -> tuple[bytes, str, str]:
    """The bytes of a logo or document made anew, their type, and the text in them; or RefusedError."""
    command = [sys.executable, "-I", "-W", "ignore", "-m", "directory.safekeeping.remake"]
    command += [kind, spoken().code]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file comes on its input
            command, input=data, capture_output=True, timeout=SECONDS * 2, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError(gettext(TOO_MUCH)) from error
    head, _, made = done.stdout.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError as error:
        raise RefusedError(gettext(TOO_MUCH)) from error
    if answer["refused"]:
        raise RefusedError(answer["refused"])
    return made, answer["content_type"], answer["text"]


def main() -> None:
    """Read a file from the input; write a line of JSON and the bytes made of it."""
    for limit, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    made, content_type, text, refused = b"", "", "", ""
    kind, code = sys.argv[1:]
    with speak(LANGUAGES[code]):
        try:
            if kind == "logo":
                made, content_type = remake_picture(sys.stdin.buffer.read())
            else:
                made, text = remake_pdf(sys.stdin.buffer.read())
                content_type = "application/pdf"
        except RefusedError as error:
            refused = str(error)
        except MemoryError:
            refused = gettext(TOO_MUCH)
    head = {"content_type": content_type, "text": text, "refused": refused}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
