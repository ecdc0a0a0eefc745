"""A command for the audit log."""

from __future__ import annotations

import sys

import click
from sqlalchemy import func, select

from directory.audit import problems
from directory.cli.group import commands
from directory.db import get_session
from directory.models import AuditEntry


@commands.command("check-audit")
def check_audit() -> None:
    """Check that nobody changed the audit log or took a line out. The exit code is 1 when somebody did."""
    session = get_session()
    faults = 0
    for fault in problems(session):
        faults += 1
        click.echo(fault)
    lines = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    newest = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1))
    if faults:
        click.echo(f"{faults} faults in {lines} lines. Compare the log with a backup.", err=True)
        sys.exit(1)
    click.echo(f"{lines} lines, each as it was written. The newest hash is {newest or 'none'}.")
