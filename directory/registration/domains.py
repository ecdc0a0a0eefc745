"""Is an e-mail address one at an organisation's own domain? By what it has published, and with care."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.models import Organization, PublishedOrganization

# Anybody can have an address or a page at these. Anything that ends with one of them counts too.
SHARED = frozenset(
    """gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk msn.com yahoo.com
    yahoo.co.uk ymail.com rocketmail.com icloud.com me.com mac.com aol.com aol.co.uk btinternet.com
    btopenworld.com talktalk.net tiscali.co.uk sky.com virginmedia.com ntlworld.com blueyonder.co.uk
    plus.com plusnet.com proton.me protonmail.com pm.me gmx.com gmx.co.uk mail.com zoho.com fastmail.com
    tutanota.com yandex.com facebook.com fb.com instagram.com twitter.com x.com linkedin.com youtube.com
    tiktok.com linktr.ee google.com wordpress.com blogspot.com blogspot.co.uk wixsite.com wix.com weebly.com
    squarespace.com godaddysites.com github.io medium.com eventbrite.co.uk eventbrite.com meetup.com
    justgiving.com btck.co.uk voluntarynetwork.org e-voice.org.uk churchsuite.com ukchurches.co.uk
    gov.uk nhs.uk nhs.net police.uk sch.uk ac.uk""".split()  # noqa: SIM905
)


def own_domains(session: Session, organization_id: str) -> list[str]:
    """The domains that a published organisation alone uses for its e-mail and website."""
    published = session.get(PublishedOrganization, organization_id)
    if published is None:
        return []
    domains = sorted(domains_of(published.document))
    return [
        domain
        for domain in domains
        if not _is_shared(domain) and not _others(session, organization_id, domain)
    ]


def domains_of(document: Mapping[str, Any]) -> set[str]:
    """The domains of the e-mail address and the website that a document has."""
    mail = str(document.get("email") or "").rpartition("@")[2]
    try:
        host = urlsplit(str(document.get("website") or "")).hostname or ""
    except ValueError:
        host = ""
    found = {mail.casefold(), host.casefold().removeprefix("www.")}
    return {domain for domain in found if "." in domain}


def _is_shared(domain: str) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in SHARED)


def _others(session: Session, organization_id: str, domain: str) -> bool:
    """Whether another organisation has the domain too: then an address at it proves nothing."""
    rows = session.execute(
        select(Organization.email, Organization.website).where(
            Organization.id != organization_id,
            or_(
                Organization.email.icontains(domain, autoescape=True),
                Organization.website.icontains(domain, autoescape=True),
            ),
        )
    )
    return any(domain in domains_of({"email": row.email, "website": row.website}) for row in rows)
