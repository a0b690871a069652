"""From what a model answered to lines of copy: tolerant of broken JSON, lists, quotes and chatter."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

_LONGEST = 1000  # characters; longer is an essay, not a line of copy

_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.S | re.I)
_FENCE = re.compile(r"```[\w-]*[ \t]*\n?(.*?)(?:```|\Z)", re.S)
_JSON_STARTS = re.compile(r"""\[\s*["'{\[]|\{\s*["']""")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"(\s*:)?')
_BETWEEN = re.compile(r"[\s,:\[\]{}]|-?\d+(?:\.\d+)?|true|false|null")
_LISTS = ("lines", "variations", "variants", "options", "headlines", "copy", "items", "results", "texts", "output")
_TEXTS = ("text", "line", "copy", "headline", "variation", "content", "tagline", "subject", "description")
_ASIDES = frozenset(
    {"id", "note", "notes", "reason", "rationale", "explanation", "comment", "title", "brief", "style", "tone", "type",
     "brand", "channel", "error", "status", "language", "model", "role"}
)  # fmt: skip

_MARK = re.compile(
    r"^\s*(?:[-*•–—·▪◦‣]\s+|\(?\d{1,3}[.):\]]\s+|[a-zA-Z][).]\s+(?=\S+\s)"
    r"|\**(?:line|variation|variant|option|headline|version)\s*#?\d{1,3}\**\s*[:.)–-]\**\s*)",
    re.I,
)
_NOUNS = (
    r"(?:variations?|variants?|lines?|options?|headlines?|ideas?|versions?|examples?|taglines?|slogans?|subject lines?"
    r"|descriptions?|posts?|suggestions?|alternatives?|copy|list|json|array)"
)
_CHATTER = re.compile(
    rf"^(?:(?:sure|certainly|of course|absolutely|okay|ok|great)\b[^.!:]*[.!,:]\s*)?"
    rf"(?:here(?:'s| are| is)\b.*\b{_NOUNS}\b|below (?:are|is)\b|the following\b.*\b{_NOUNS}\b"
    rf"|i(?:'ve| have) (?:written|created|kept|tried|made|put together)\b|i hope (?:this|these)\b"
    rf"|let me know\b|feel free to\b|would you like (?:me|more)\b|if you(?:'d| would) like\b.*\b(?:more|{_NOUNS})\b"
    rf"|(?:each|all|these|every one) (?:of these |of the )?{_NOUNS}\b|\*?note\b\s*:|---)"
    rf"|^(?:sure|certainly|of course|absolutely|okay|ok)\s*[.!]?$",
    re.I,
)
_WILL_NOT = re.compile(
    r"^(?:(?:i'm|i am|we're|we are)?\s*(?:very |so |truly )?sorry\b|i apologi[sz]e\b|unfortunately\b|as an ai\b"
    r"|i(?: must| have to| need to)? (?:can(?:'t|not| not)|won't|will not|am unable|am not able|decline|must decline)\b"
    r"|i'm (?:unable|not able|not comfortable|afraid)\b)",
    re.I,
)
_WILL_NOT_WHAT = re.compile(
    r"\b(?:help|assist|write|create|comply|provide|fulfil+|generate|produce|continue|support|do that|do this|decline"
    r"|language model|as an ai|request|guidelines|polic(?:y|ies))\b",
    re.I,
)
_QUOTES = (
    ('"', '"'),
    ("“", "”"),
    ("«", "»"),
    ("„", "“"),
    ("'", "'"),
    ("‘", "’"),
    ("`", "`"),
    ("**", "**"),
    ("__", "__"),
)


def lines_of(text: str) -> tuple[list[str], str]:
    """The lines of copy in an answer.

    Reads a JSON array or an object that holds one (also fenced, with trailing commas, or cut in the middle: whole
    strings count, a cut one does not), numbered and bulleted lists, and plain lines. Announcements, closing remarks and
    headings are left out.

    Parameters
    ----------
    text : str
        As the model wrote it.

    Returns
    -------
    lines : list of str
        In their order, quotes and list marks taken off.
    reason : str
        Why there are none, in words; empty when there are some.
    """
    text = _THINKING.sub("", text.replace("\r\n", "\n")).strip()
    if not text:
        return [], "The answer was empty."
    fenced = _FENCE.search(text)
    found = None
    for part in ([fenced.group(1)] if fenced else []) + [text]:
        found = _from_json(part)
        if found is not None:
            break
    if found is None:
        if _declines(text.split("\n\n")[0]):
            return [], f"The model declined: “{_short(text)}”"
        found = _from_list(fenced.group(1) if fenced and fenced.group(1).strip() else text)
    lines = [line for raw in found if (line := _clean(raw)) and len(line) <= _LONGEST and not _chatter(line)]
    kept = [line for line in lines if not _declines(line)]
    if kept:
        return kept, ""
    if lines:
        return [], f"The model declined: “{_short(lines[0])}”"
    return [], f"The answer holds no lines of copy: “{_short(text)}”"


def _from_json(text: str) -> list[str] | None:
    """Strings of the JSON in a text; None where there is none that can be told from prose."""
    start = _JSON_STARTS.search(text)
    if start is None:
        return None
    body = text[start.start() :]
    for candidate in (body, re.sub(r",(\s*[\]}])", r"\1", body)):
        try:
            data, _ = json.JSONDecoder(strict=False).raw_decode(candidate)
        except (ValueError, RecursionError):
            continue
        return _strings(data)
    end = body.rfind("]")
    if end > 0 and "'" in body[:3]:
        try:
            return _strings(ast.literal_eval(body[: end + 1]))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return _whole_strings(body)


def _strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, list):
        return [line for item in data for line in _strings(item)]
    if not isinstance(data, dict):
        return []
    named = {str(k).lower(): v for k, v in data.items()}
    for name in _LISTS:
        if isinstance(named.get(name), list | dict):
            return _strings(named[name])
    for name in _TEXTS:
        if isinstance(named.get(name), str):
            return [named[name]]
    return [line for name, value in named.items() if name not in _ASIDES for line in _strings(value)]


def _whole_strings(body: str) -> list[str] | None:
    """Complete string literals of broken JSON; None where something other than punctuation lies between them."""
    found: list[str] = []
    key, at = "", 0
    for match in _STRING.finditer(body):
        if _BETWEEN.sub("", body[at : match.start()]):
            return None  # unescaped quotes: reading line by line is safer
        at = match.end()
        try:
            value = json.loads(f'"{match.group(1)}"', strict=False)
        except ValueError:
            value = match.group(1)
        if match.group(2) or body[: match.start()].rstrip().endswith("{"):
            key = value.lower()
            continue
        if key not in _ASIDES:
            found.append(value)
        key = "" if key not in _LISTS else key
    return found


def _from_list(text: str) -> list[str]:
    """Marked lines where there are two or more, else every line."""
    lines = [line.strip() for line in text.split("\n") if not line.lstrip().startswith("```")]
    if _JSON_STARTS.match(text.lstrip()):  # broken JSON with one string a line
        lines = [re.sub(r'^"(.*)"\s*,?$', r"\1", line) for line in lines]
    lines = [line for line in lines if line and not re.fullmatch(r"[\[\]{}(),\s`]+|#+ .*|[-=_*|: ]{3,}", line)]
    marked = [line for line in lines if _MARK.match(line)]
    return [_MARK.sub("", line, count=1) for line in marked] if len(marked) >= 2 else [
        _MARK.sub("", line, count=1) if len(lines) == 1 or _chatter(lines[0]) else line for line in lines
    ]  # fmt: skip


def _clean(text: str) -> str:
    text = " ".join(text.split())
    text = re.sub(r"\s*\(\s*\d+\s*(?:characters?|chars?|words?)\s*\)$", "", text, flags=re.I)
    text = re.sub(r"""^(["“].*["”]),$""", r"\1", text)
    for _ in range(3):
        before = text
        text = re.sub(r"^\*\*[^*:]{1,40}:?\*\*:?\s+(?=\S)", "", text)
        for left, right in _QUOTES:
            inner = text[len(left) : -len(right)]
            if text.startswith(left) and text.endswith(right) and len(text) > len(left + right) and left not in inner:
                text = inner.strip()
        if text == before:
            break
    return text if re.search(r"\w", text) else ""


def _chatter(line: str) -> bool:
    plain = line.replace("’", "'").strip("*_ ")
    return plain.endswith(":") or bool(_CHATTER.match(plain))


def _declines(text: str) -> bool:
    plain = " ".join(text.replace("’", "'").split()).strip('"“*_ ')[:300]
    return bool(_WILL_NOT.match(plain)) and bool(_WILL_NOT_WHAT.search(plain))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 120 else words[:119] + "…"
