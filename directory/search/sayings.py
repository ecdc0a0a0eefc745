"""How a phrase of the field is known again in a question, whatever its endings and the little words within.

"She won't leave her bedroom" and "refusing to leave his room" are one phrase. What counts of a phrase are its
telling words, by their stems. Several words of which one is a "not", an "in" or an "out" must stand in their
order; others may stand in any.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from directory.search.columns.stems import stem
from directory.search.wanted import STOP_WORDS

# These say nothing in a phrase, wherever they stand.
_LITTLE = """
    i im ive id me my mine myself we weve our ours us you your yours he hes him his himself she shes her
    hers herself it its itself they theyre theyve them their theirs themselves who whos which what that
    thats this these those a an the some any am is are was were be been being have has had having does did
    will would could should may might can s m d re ve ll of to at by for with from about into through and
    or as but if because cos than when while where there then so too very really just also even still now
    again always keep keeps kept keeping get gets getting got gotten all ever only quite more most both
    bit little lot think thinks"""
LITTLE = frozenset(_LITTLE.split())
# Words for those a question is about: they may stand between the words of a phrase.
_PEOPLE = """
    son sons daughter daughters lad lads lass lasses kid kids child children boy boys girl girls nephew
    niece grandson granddaughter grandchild teenager teenagers teen teens youngster youngsters youth
    youths pupil pupils student students client person people someone somebody man woman young"""
PEOPLE = frozenset(_PEOPLE.split())
# A phrase of these alone is about anybody.
SAY_LITTLE = STOP_WORDS | PEOPLE
# Beside these the order of the words tells: "out of prison", "not in school".
ORDERED = frozenset("in on out off up down after before inside over under no not nothing nowhere".split())  # noqa: SIM905
# One word for those that people use for the same thing, and for forms that no stemmer joins.
_SAME = {
    "not": "wont cant dont doesnt didnt isnt wasnt arent hasnt havent wouldnt cannot never aint refuse "
    "refuses refused refusing",
    "go": "goes going went gone attend attends attending attended",
    "leave": "left leaves leaving",
    "kick": "chuck chucked chucking throw thrown threw throwing boot booted turfed slung",
    "knife": "knives blade blades shank shanks machete machetes shiv",
    "stab": "stabbed stabbing stabbings knifed shanked chefed cheffed slashed",
    "kill": "killed killing murder murdered",
    "die": "died dies dying dead death",
    "hit": "hits hitting hurt hurts hurting punch punches punched punching slap slaps slapped beaten beating",
    "prison": "jail gaol custody yoi hmp borstal brinsford featherstone swinfen feltham werrington hewell",
    "police": "feds fed coppers cops copper officer pcso bobbies",
    "arrest": "arrested nicked",
    "weed": "cannabis skunk ganja spliff spliffs zoot zoots marijuana",
    "friend": "friends mate mates pal pals bestie",
    "mum": "mother mothers mums mom moms mam mummy mommy",
    "dad": "father fathers dads daddy",
    "brother": "brothers bro cousin cousins sister sisters",
    "nan": "gran grandma granny grandmother grandad grandfather nana",
    "boyfriend": "bf",
    "man": "men bloke fella guy geezer",
    "child": "children kid kids",
    "teenager": "teen teens teenage teenagers teenaged",
    "scared": "frightened afraid terrified scare",
    "worried": "worry worries worrying concerned concern",
    "anger": "angry temper rage aggressive aggression",
    "depressed": "depression",
    "sell": "sold selling sells shotting shot",
    "take": "took taken takes taking",
    "hang": "hung hangs hanging",
    "talk": "talks talking speak speaking chat chats chatting",
    "room": "bedroom rooms",
    "football": "footy footie footballing",
    "bully": "bullied bullies bullying",
    "autism": "autistic asd aspergers asperger",
    "gurdwara": "gurdwarra gurudwara gurudwarra gurduara gudwara gurdwaras",
    "mosque": "masjid masjids mosques mosk",
    "madrasa": "madrassa madrasah madrassah",
    "pregnant": "pregnancy expecting",
    "lose": "lost losing loses",
    "fight": "fights fighting fought scrap scraps scrapping",
    "see": "saw seen seeing witnessed witness",
    "job": "jobs",
    "sleep": "sleeping slept sleeps",
    "abuse": "abused abusive abusing abuser",
    "exclude": "excluded excluding exclusion exclusions expelled suspended suspension",
    "gang": "gangs ganging",
    "drug": "drugs",
}
SAME = {other: word for word, others in _SAME.items() for other in others.split()}
# How many other words may stand between those of a phrase.
BETWEEN, BETWEEN_ORDERED = 2, 1


@dataclass(frozen=True)
class Token:
    """A word of a question or phrase: its stem, the places of its words, and how far on it stands."""

    stem: str
    places: tuple[int, ...]
    at: int


@dataclass(frozen=True)
class Saying:
    """A phrase by its telling words."""

    key: str
    stems: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True)
class Met:
    """A phrase in a question: its key, and the places of its words."""

    key: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class Sayings:
    """All phrases, each under its rarest stem."""

    by_stem: Mapping[str, Sequence[Saying]]

    def met(self, words: Sequence[str]) -> Iterator[Met]:
        """The phrases that a question holds."""
        tokens = list(tokens_of(words))
        where: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(tokens):
            where[token.stem].append(place)
        for one, starts in where.items():
            for saying in self.by_stem.get(one, ()):
                if all(other in where for other in saying.stems):
                    for start in starts:
                        if found := _together(saying, one, start, tokens, where):
                            yield Met(saying.key, tuple(p for n in found for p in tokens[n].places))


def sayings_of(texts: Mapping[str, Sequence[str]]) -> Sayings:
    """The phrases of some keys, by their plain words. What has too few telling words is left out."""
    found = []
    for key, words in texts.items():
        tokens = list(tokens_of(words))
        # The stem of "nos" is that of "no".
        tells = any(SAY_LITTLE.isdisjoint((words[token.places[0]], token.stem)) for token in tokens)
        if tells and (len(tokens) > 1 or len(words) == 1):
            stems = tuple(token.stem for token in tokens)
            found.append(Saying(key, stems, len(stems) > 1 and not ORDERED.isdisjoint(stems)))
    often = Counter(one for saying in found for one in saying.stems)
    by_stem: dict[str, list[Saying]] = defaultdict(list)
    for saying in found:
        by_stem[min(saying.stems, key=lambda one: (often[one], one))].append(saying)
    return Sayings(by_stem)


def tokens_of(words: Sequence[str]) -> Iterator[Token]:
    """The words that count, in their order. "Won't", of which the plain words make two, is one."""
    at, place = 0, 0
    while place < len(words):
        count = 2 if words[place + 1 : place + 2] == ["t"] else 1
        word = "".join(words[place : place + count])
        if word not in LITTLE:
            same = SAME.get(word, word)
            yield Token(stem(same), tuple(range(place, place + count)), at)
            at += word not in PEOPLE
        place += count


def _together(
    saying: Saying, anchor: str, start: int, tokens: Sequence[Token], where: Mapping[str, Sequence[int]]
) -> list[int]:
    """The tokens of a phrase about one of them, if they stand near enough to each other and in order."""
    found = []
    for one in saying.stems:
        near = start if one == anchor else min(where[one], key=lambda place: abs(place - start))
        found.append(near)
    if len(set(found)) < len(found):
        return []
    in_order = found == sorted(found)
    apart = tokens[max(found)].at - tokens[min(found)].at - (len(found) - 1)
    if saying.ordered:
        return found if in_order and apart <= (BETWEEN_ORDERED if len(found) > 2 else 0) else []
    return found if apart <= (BETWEEN if in_order else BETWEEN_ORDERED) else []
