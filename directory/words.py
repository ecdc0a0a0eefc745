"""Plain words: what the full-text indexes hold, and what a question is made of.

Two databases cut texts into words in two ways ("16-25", "example.org", "O'Brien"). Both are given words that
are cut already, so that the same question finds the same services in each.
"""

from __future__ import annotations

import re
import unicodedata

# PostgreSQL refuses a word of more than 2,046 bytes; nobody seeks one of more than this.
LONGEST_WORD = 60
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019\u02bc]s\b")
# Letters that are no letter with an accent.
_PLAIN = str.maketrans(
    {"\u00e6": "ae", "\u0153": "oe", "\u00f8": "o", "\u0111": "d", "\u0142": "l", "\u0131": "i"}
)


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without accents, apostrophes and punctuation.

    >>> plain_words("Girls' & women's group, 11-16 (Caf\\u00e9)")
    ['girls', 'women', 'group', '11', '16', 'cafe']
    """
    folded = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", text)).casefold().translate(_PLAIN)
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return [word[:LONGEST_WORD] for word in _WORD.findall(bare)]


# Begins the words that stand for terms in the full-text index. No text has such words.
TERM_MARK = "xterm"


def term_word(taxonomy: str, code: str) -> str:
    """The word that stands for a term in the full-text index, so that a question can ask for the term.

    It ends in a digit, which no stemmer cuts.

    >>> term_word("group", "gang-affected")
    'xtermgroupgangaffected0'
    """
    letters = "".join(plain_words(f"{taxonomy} {code}"))
    return f"{TERM_MARK}{letters[: LONGEST_WORD - len(TERM_MARK) - 1]}0"
