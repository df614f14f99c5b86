"""What a work is found by: the words of its texts, and of Chinese, Japanese and Korean each pair of signs.

Those languages put no spaces between words, so a search for 港口 finds whatever has the two side by side. The words
are kept in one column, so that PostgreSQL can index them (without any extension) and SQLite look them through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Lookup

MOST_TERMS = 8
WORD_LENGTH = 40
SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
RUN = re.compile(rf"([{SIGNS}]+)|([^\W_{SIGNS}]+)")


def words_of(texts: Iterable[str]) -> str:
    """The words to keep, each once, with a space between them."""
    return " ".join(dict.fromkeys(word for text in texts for word in _words(text)))


def terms_of(query: str) -> list[tuple[str, bool]]:
    """What somebody's words ask for: each term, and whether words that only begin with it will do."""
    terms: dict[str, bool] = {}
    for signs, word in RUN.findall(_plain(query)):
        if signs:
            terms |= dict.fromkeys(_pairs(signs) or [signs], False)
        else:
            terms[word[:WORD_LENGTH]] = True
    return list(terms.items())[:MOST_TERMS]


def _words(text: str) -> Iterator[str]:
    for signs, word in RUN.findall(_plain(text)):
        if signs:
            yield from signs
            yield from _pairs(signs)
        else:
            yield word[:WORD_LENGTH]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _pairs(signs: str) -> list[str]:
    return [signs[place : place + 2] for place in range(len(signs) - 1)]


class WordsField(models.TextField):  # type: ignore[type-arg]
    """What `words_of` gives; `words__matching="harb"` finds the rows with every term of the query."""


@WordsField.register_lookup
class Matching(Lookup):
    """PostgreSQL reads the index that the migration makes over the very same expression; others compare texts.

    Terms consist of letters and digits alone, so they need no quoting in either language.
    """

    lookup_name = "matching"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        words, params = self.process_lhs(compiler, connection)
        terms = terms_of(str(self.rhs))
        if not terms:
            return "1 = 0", []
        patterns = [f"% {term}%" if begins else f"% {term} %" for term, begins in terms]
        test = f"(' ' || {words} || ' ') LIKE %s"
        return " AND ".join([test] * len(terms)), [value for pattern in patterns for value in (*params, pattern)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        words, params = self.process_lhs(compiler, connection)
        terms = terms_of(str(self.rhs))
        if not terms:
            return "1 = 0", []
        query = " & ".join(f"'{term}':*" if begins else f"'{term}'" for term, begins in terms)
        return f"array_to_tsvector(string_to_array({words}, ' ')) @@ %s::tsquery", [*params, query]
