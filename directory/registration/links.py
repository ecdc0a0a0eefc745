"""Links that stand in letters, and the tokens in them, of which the tables hold hashes alone."""

from __future__ import annotations

import hashlib
import secrets

from directory.languages import site_address


def new_token() -> str:
    """A text that nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token: it does not lead back."""
    return hashlib.sha256(token.encode()).hexdigest()


def resume_link(public_url: str, token: str) -> str:
    """Where a draft is gone on with."""
    return f"{site_address(public_url)}/register/resume/{token}"


def draft_link(public_url: str, submission_id: str) -> str:
    """The list of what is to be filled in, for whoever may open it."""
    return f"{site_address(public_url)}/register/{submission_id}"


def claim_link(public_url: str, claim_id: str) -> str:
    """Where the code of a claim is entered, or made."""
    return f"{site_address(public_url)}/claims/{claim_id}"


def members_link(public_url: str, organization_id: str) -> str:
    """Who looks after an entry."""
    return f"{site_address(public_url)}/organisations/{organization_id}/members"


def join_link(public_url: str, token: str) -> str:
    """Where an invitation is accepted."""
    return f"{site_address(public_url)}/join/{token}"


def review_link(public_url: str) -> str:
    """What waits for a navigator."""
    return f"{site_address(public_url)}/review"


def submission_link(public_url: str, submission_id: str) -> str:
    """Where a navigator decides about what was sent in."""
    return f"{site_address(public_url)}/review/submissions/{submission_id}"
