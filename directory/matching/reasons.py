"""Why a pair may be one organisation, and what speaks against it, in words."""

from __future__ import annotations

from collections.abc import Mapping


def N_(text: str) -> str:  # noqa: N802 - as the catalogue looks for it; what knows frames alone knows no languages
    """Mark a sentence that pages translate."""
    return text


# By feature: from which value on it is said, and how. What an address that is withheld tells is marked.
FOR = {
    "initials": (1, N_("One name says the other, or words of it, by their initials.")),
    "same_postcode": (1, N_("The same postcode.")),
    "near": (1, N_("The places are near each other, within 250 metres.")),
    "same_address": (1, N_("The address says the same.")),
    "name_in_address": (1, N_("The address of one says the name of the other.")),
    "same_contact": (1, N_("The same telephone, website or e-mail host.")),
}
AGAINST = {
    "both_left_over": (0.4, N_("Each name has a telling word that the other has not.")),
    "other_numbers": (1, N_("The names have different numbers.")),
    "other_kind": (1, N_("The names say different kinds of thing.")),
    "far": (1, N_("The places are more than a kilometre apart.")),
    "other_contact": (1, N_("A telephone, website or e-mail host is different.")),
}
OF_PLACES = frozenset({"same_postcode", "near", "same_address", "name_in_address", "far"})
ALIKE, SOMEWHAT = 0.85, 0.6


def reasons(features: Mapping[str, float], *, same_identifier: str = "") -> list[str]:
    """Sentences for a pair: what speaks for it, the strongest first, then what speaks against it.

    `same_identifier` is a register number that both hold or that a register joins.
    """
    found = [f"The same register number, {same_identifier}."] if same_identifier else []
    found += _of_name(features)
    found += [words for name, (least, words) in FOR.items() if features[name] >= least]
    found += [words for name, (least, words) in AGAINST.items() if features[name] >= least]
    return found


def _of_name(features: Mapping[str, float]) -> list[str]:
    words, letters = features["words"], features["letters"]
    alike = round(100 * max(words, letters))
    if letters >= 0.999:
        return [N_("The names say the same, but for legal forms and ways of spelling.")]
    if words >= ALIKE or letters >= ALIKE:
        return [f"The names are alike, {alike} of 100."]
    if words >= SOMEWHAT:
        return [f"The names share their telling words, {alike} of 100."]
    return []
