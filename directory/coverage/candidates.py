"""The published services that may meet a question, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from directory.coverage.question import CoverageQuery
from directory.coverage.times import open_then
from directory.languages import N_
from directory.models import PublishedArea, PublishedPlace, PublishedService, PublishedTerm
from directory.remembering import remember
from directory.search.criteria import SHOWN
from directory.search.query import ServiceQuery
from directory.search.run import answers

WITHOUT_REFERRAL = ("open", "self")
AGES = ("minimum_age", "maximum_age")
FACTS = {
    "time": N_("opening hours"),
    "who": N_("whom it is for"),
    "access": N_("how to get a place"),
    "place": N_("where it is"),
}


@dataclass(frozen=True)
class Candidates:
    """Services of some kind, and their places.

    `services` has a row each: service_id, name, organization_id, organization_name, fictional, full_on (the
    day on which it last turned people away as full, or None), and time, who and access (1 yes, 0 not known,
    -1 no); placeless: 0 where it must meet somewhere and nothing says where, -1 where it needs no place, 1
    where it has one. `places`, `covers` and `terms` name its row in `service`.
    """

    services: pd.DataFrame
    places: pd.DataFrame
    covers: pd.DataFrame
    terms: pd.DataFrame

    def of_category(self, category: str) -> Candidates:
        """Those of one kind of help."""
        own = self.terms.loc[self.terms["category"].eq(category), "service"]
        return self.only(np.sort(own.unique()))

    def only(self, kept: NDArray[np.intp]) -> Candidates:
        """Some of them, by their places in the frame, ascending."""
        new = pd.Series(np.arange(len(kept)), index=kept)

        def some(frame: pd.DataFrame) -> pd.DataFrame:
            part = frame[frame["service"].isin(kept)]
            return part.assign(service=part["service"].map(new).astype(int)).reset_index(drop=True)

        services = self.services.iloc[kept].reset_index(drop=True)
        return Candidates(services, some(self.places), some(self.covers), some(self.terms))


def read_candidates(session: Session, query: CoverageQuery) -> Candidates:
    """Every published service of the kind asked about, or of every kind."""
    chosen: ColumnElement[bool] = PublishedService.status.in_(SHOWN)
    if query.category is not None:
        chosen = and_(chosen, _is_of(query.category))
    services = _services(session, query, chosen)
    position = pd.Series(services.index, index=services["key"])
    places = _frame(
        session,
        select(
            PublishedPlace.published_service_id,
            PublishedPlace.precision,
            PublishedPlace.easting,
            PublishedPlace.northing,
            PublishedPlace.ward_code,
            PublishedPlace.authority_code,
        )
        .join(PublishedService, PublishedService.id == PublishedPlace.published_service_id)
        .where(chosen)
        .order_by(PublishedPlace.id),
        position,
    )
    covers = _frame(
        session,
        select(PublishedArea.published_service_id, PublishedArea.code)
        .join(PublishedService, PublishedService.id == PublishedArea.published_service_id)
        .where(chosen),
        position,
    )
    terms = _frame(
        session,
        select(PublishedTerm.published_service_id, PublishedTerm.code.label("category"))
        .join(PublishedService, PublishedService.id == PublishedTerm.published_service_id)
        .where(chosen, PublishedTerm.facet == "category"),
        position,
    )
    placed, serving = services.index.isin(places["service"]), services.index.isin(covers["service"])
    needs_none = services["place_known"].astype(bool) | serving
    services["placeless"] = np.select([placed, needs_none], [1, -1], default=0).astype(np.int8)
    return Candidates(services, places, covers, terms)


def lacking(candidates: Candidates, query: CoverageQuery) -> list[dict[str, Any]]:
    """For each fact that the question needs: of how many records it is not known, and their share."""
    services = candidates.services
    asked = {"time": query.when.kind != "any", "who": asks_who(query), "access": query.open_access}
    unplaced = services["placeless"].eq(0)
    shown = candidates.places["precision"].eq("open")
    exact = services.index.isin(candidates.places.loc[shown, "service"])
    rows = {fact: services[fact].eq(0) for fact, wanted in asked.items() if wanted}
    rows["place"] = unplaced | (services["placeless"].eq(1) & ~exact)
    total = len(services)
    return [
        {
            "fact": FACTS[fact],
            "lacking": int(which.sum()),
            "records": total,
            "share": float(which.mean()) if total else float("nan"),
        }
        for fact, which in rows.items()
    ]


def asks_who(query: CoverageQuery) -> bool:
    """Whether an age, a group or a gender is part of the question."""
    return query.age is not None or any(query.terms.values())


def category_counts(session: Session) -> dict[str, int]:
    """How many published services there are of each kind of help, by its code."""
    counts = (
        select(PublishedTerm.code, func.count())
        .join(PublishedService, PublishedService.id == PublishedTerm.published_service_id)
        .where(PublishedTerm.facet == "category", PublishedService.status.in_(SHOWN))
        .group_by(PublishedTerm.code)
    )
    return remember(
        session, "services of kinds of help", lambda: dict(session.execute(counts).all()), published=True
    )


def _is_of(category: str) -> Any:
    term = aliased(PublishedTerm)
    return exists().where(
        term.published_service_id == PublishedService.id, term.facet == "category", term.code == category
    )


def _services(session: Session, query: CoverageQuery, chosen: Any) -> pd.DataFrame:
    rows = session.execute(
        select(
            PublishedService.id,
            PublishedService.service_id,
            PublishedService.name,
            PublishedService.organization_id,
            PublishedService.organization_name,
            PublishedService.fictional,
            PublishedService.place_known,
            PublishedService.status,
            PublishedService.minimum_age,
            PublishedService.maximum_age,
            PublishedService.document["schedules"],
            PublishedService.document["full_on"],
        )
        .where(chosen)
        .order_by(PublishedService.organization_name, PublishedService.name, PublishedService.id)
    ).all()
    names = ["key", "service_id", "name", "organization_id", "organization_name", "fictional", "place_known"]
    frame = pd.DataFrame([row[:10] for row in rows], columns=[*names, "status", *AGES])
    frame["full_on"] = pd.Series([row[11] for row in rows], dtype=object)
    # By referrals that were turned away: until there is room again, it takes nobody.
    closed = frame["status"].ne("active") | frame["full_on"].notna()
    referral = {"referral": WITHOUT_REFERRAL} if query.open_access else {}
    for name, asked in {
        "who": ServiceQuery(age=query.age, terms=query.terms),
        "access": ServiceQuery(terms=referral),
    }.items():
        frame[name] = frame["key"].map(answers(session, asked))
    frame["time"] = np.array([open_then(row[10] or [], query.when) for row in rows], dtype=np.int8)
    frame["access"] = frame["access"].mask(closed, -1)
    frame["schedules"] = pd.Series([row[10] or [] for row in rows], dtype=object)
    return frame.astype({"who": np.int8, "access": np.int8})


def _frame(session: Session, statement: Any, position: pd.Series) -> pd.DataFrame:
    """The rows of a statement, with the place of the service in its frame instead of its key."""
    result = session.execute(statement)
    columns = list(result.keys())
    frame = pd.DataFrame(result.all(), columns=["service", *columns[1:]])
    return frame.assign(service=frame["service"].map(position).astype(int))
