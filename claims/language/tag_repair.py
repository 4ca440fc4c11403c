"""Which tags and arcs of the parser contradict each other? Repairs the few that decide whether somebody speaks.

A word with a subject is no participle and no plural noun; a verb has one subject. Only such contradictions and forms
that are nothing else ("lent", "became") are repaired; everything else stays as the parser has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.language.news_verbs import base_forms, third_persons
from claims.language.parser import Tree
from claims.language.wordlists import load_words

# Past forms that are no noun: a tagger that calls them one is wrong.
_PAST = load_words("tag_repair_past.txt")
_NO_PARTICIPLE = load_words("tag_repair_no_participles.txt")
_ADDRESSING = load_words("tag_repair_addressing.txt")
_SAYING = load_words("quotes_speech.txt")
_THIRDS = third_persons()
_SHOWING = load_words("tag_repair_showing.txt")
_NEVER_NOUNS = load_words("tag_repair_never_nouns.txt")
_TOLD = load_words("tag_repair_told.txt")
_TELLING = load_words("tag_repair_telling.txt")
_AUXILIARIES = load_words("tag_repair_auxiliaries.txt")
# What the tagger takes a rare surname for at the beginning of a sentence.
_MISREAD_NAMES = frozenset({"NN", "NNS", "RB", "VB", "VBP", "VBD", "VBN", "VBG", "JJ", "UH", "FW"})
_NOUNS = frozenset({"NN", "NNS", "NNP"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_FINITE_OR_MODAL = _FINITE | {"MD"}
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "csubj:outer"})
_ASKED_LABELS = _SUBJECTS | {"cop", "aux", "aux:pass", "obj", "case"}
_ASKED_TAGS = _NOUNS | {"VBN", "JJ", "DT", "WDT", "VBZ", "VBD", "MD"}
_PHRASE = ("NN", "JJ", "DT", "PRP", "CD")
# What is said of a noun, or stands with a participle: then neither is a finite verb.
_PREDICATES = frozenset({"cop", "aux", "aux:pass"})
_NOMINAL = frozenset({"nsubj", "obj", "obl", "nmod", "compound", "appos", "conj"})
_OBJECT = frozenset({"NNS", "NN", "JJ", "DT", "CD", "PRP$", "NNP", "VBG"})
_HELPING = frozenset({"is", "'s", "has", "does"})
_FENCES = frozenset({",", "(", "--", "-", "–", "—"})


def names_of(trees: Sequence[Tree]) -> frozenset[str]:
    """Return the words that an article writes as names in mid-sentence and never writes small."""
    names: set[str] = set()
    small: set[str] = set()
    for tree in trees:
        words = tree.words
        small.update(words)
        for at, tag in enumerate(tree.xpos):
            if (
                tag == "NNP"
                and at
                and words[at][0].isupper()
                and words[at - 1].isalpha()
                and len(words[at]) > 2
            ):
                names.add(words[at])
    return frozenset(name for name in names if name.lower() not in small)


def repair(tree: Tree, names: frozenset[str] = frozenset()) -> Tree:
    """Return the tree with repaired tags and arcs; the same object where nothing was wrong.

    ``names`` are words known for names by the other sentences of the article.
    """
    tags = list(tree.xpos)
    for at in (0, 1):
        opening = at == 0 or (len(tags) > 1 and tree.words[0] in ('"', "'"))
        if opening and at < len(tags) and tags[at] in _MISREAD_NAMES and tree.words[at] in names:
            tags[at] = "NNP"
            if tags[at + 1 : at + 2] == ["VB"]:
                tags[at + 1] = "VBD"
    subjects: dict[int, list[int]] = {}
    predicates: set[int] = set()
    governing: set[int] = set()
    placed: set[int] = set()
    for at in [at for at, label in enumerate(tree.labels) if label in _ASKED_LABELS]:
        label = tree.labels[at]
        if label in _SUBJECTS:
            subjects.setdefault(tree.heads[at], []).append(at)
        elif label in _PREDICATES:
            predicates.add(tree.heads[at])
        elif label == "obj":
            governing.add(tree.heads[at])
        elif label == "case":
            placed.add(tree.heads[at])
    # "In two police districts cases were lost": what a preposition places is no verb where one follows.
    placed = {at for at in placed if _goes_on_to_a_verb(tree, tags, at)}
    governing -= placed
    labels = list(tree.labels)
    said: dict[int, int] = {}
    for at in [at for at, tag in enumerate(tags) if tag in _ASKED_TAGS]:
        tag = tags[at]
        if tag == "VBN":
            if at not in predicates and (
                _is_finite(tree, tags, subjects, at)
                or _tells_somebody(tree, tags, at)
                or _shows(tree, tags, at)
            ):
                tags[at] = "VBD"
            elif labels[at] in ("ccomp", "xcomp") and (subject := _said_of(tree, labels, at)) >= 0:
                # "said fares doubled": nobody says fares.
                tags[at], labels[subject], said[subject] = "VBD", "nsubj", at
        elif tag in _NOUNS:
            word = tree.words[at]
            if word in _NEVER_NOUNS and at and tags[at - 1] in _NOUNS and tag == "NNS":
                tags[at] = "VBZ"
                _open_clause(tree, labels, at)
            elif word in _PAST:
                tags[at] = "VBN" if _after_auxiliary(tree, at) else "VBD"
                _open_clause(tree, labels, at)
            elif tag == "NN" and tags[at - 1] == "NNS" and _bare(tree, tags, subjects, at):
                tags[at] = "VBP"
                _open_clause(tree, labels, at)
            elif at in governing and tag != "NNP" and word.islower() and at not in predicates:
                # "Most shops stock both brands": a noun has no object.
                tags[at] = "VBZ" if tag == "NNS" else "VBP"
                _open_clause(tree, labels, at)
            elif (
                tag == "NNS"
                and word.islower()
                and (
                    (at in subjects and at not in predicates and at not in placed) or _closes(tree, tags, at)
                )
            ):
                tags[at] = "VBZ"
        elif tag == "JJ":
            # "a plane slid into the canal": what has a subject and no copula is the verb.
            if at in subjects and at not in predicates and tree.words[at] in _PAST:
                tags[at] = "VBD"
        elif tag == "VBD":
            if labels[at] == "conj" and at not in subjects and _tells_of_a_noun(tree, at):
                tags[at] = "VBN"
        elif tag in ("DT", "WDT"):
            if _is_conjunction(tree, at, tag):
                tags[at], labels[at] = "IN", "mark"
        elif tag == "VBZ":
            # "that exports fell": what is no form of be, have or do helps no verb.
            if labels[at] == "aux" and tree.words[at].lower() not in _HELPING:
                tags[at], labels[at] = "NNS", "nsubj"
        elif tag == "MD" and at and tree.words[at].istitle() and tags[at + 1 : at + 2] in (["VBD"], ["VBZ"]):
            # "Mrs May said": behind a modal stands a bare form.
            tags[at] = "NNP"
    _find_verb(tree, tags, labels)
    moved = said | _read_on(tree, tags, labels)
    if "," in tree.words:
        moved |= _fenced_root(tree, tags, labels)
    if tree.words[1:2] == ("that",):
        moved |= _claims_that(tree, tags, labels)
    heads = _one_subject(tree, labels, subjects)
    if moved:
        heads = tuple(moved.get(at, head) for at, head in enumerate(heads))
    if tags == list(tree.xpos) and labels == list(tree.labels) and heads == tree.heads:
        return tree
    upos = [
        "SCONJ" if tags[at] == "IN" and old in ("WDT", "DT") else tree.upos[at]
        for at, old in enumerate(tree.xpos)
    ]
    return replace(tree, xpos=tuple(tags), upos=tuple(upos), heads=heads, labels=tuple(labels))


def _said_of(tree: Tree, labels: Sequence[str], at: int) -> int:
    """Return the object that stands between a verb of saying and what is said of it, -1 where there is none."""
    saying = tree.heads[at]
    if not 0 <= saying < at - 1 or tree.words[saying].lower() not in _SAYING or _after_auxiliary(tree, at):
        return -1
    found = [k for k in range(saying + 1, at) if labels[k] == "obj" and tree.heads[k] == saying]
    near = len(found) == 1 and all(
        tree.heads[k] in range(saying + 1, at) for k in range(saying + 1, at) if k != found[0]
    )
    return found[0] if near and tree.xpos[found[0]] in _NOUNS | {"PRP"} else -1


def _find_verb(tree: Tree, tags: list[str], labels: list[str]) -> None:
    """Read the verb of "The law caps rents and forbids short lets.", which looks like a row of nouns."""
    words = tree.words
    if len(words) < 5 or words[-1] != "." or tags[0] not in ("DT", "PRP$"):
        return
    verb = next((at for at in range(2, len(tags) - 2) if tags[at] == "NNS" and tags[at - 1] == "NN"), -1)
    if verb < 0 or words[verb] not in _THIRDS or tags[verb + 1] not in _OBJECT:
        return
    if not set(tags[1:verb]) <= {"NN", "JJ"}:
        return
    behind = next((at for at in range(verb + 1, len(tags)) if tags[at] in _FINITE_OR_MODAL), -1)
    if behind >= 0 and (labels[behind], tags[behind - 1], tags[tree.heads[behind]]) != ("conj", "CC", "NNS"):
        return
    tags[verb] = "VBZ"
    _open_clause(tree, labels, verb)


def _read_on(tree: Tree, tags: list[str], labels: list[str]) -> dict[int, int]:
    """Read "bans cars and funds buses" as two deeds where two nouns stand side by side; returns the new heads."""
    moved: dict[int, int] = {}
    if "CC" not in tags or "VBZ" not in tags:
        return moved
    verb = tags.index("VBZ")
    if verb < 1 or tags[verb - 1] not in ("NN", "NNP", "PRP", "VBZ"):
        return moved
    for at in [k + 1 for k, tag in enumerate(tags[:-3]) if tag == "CC" and k > verb + 1]:
        if tags[at] != "NNS" or labels[at] != "conj" or tree.words[at] not in _THIRDS:
            continue
        first, behind = tree.heads[at], at + 1
        noun = behind
        while (
            noun < len(tags) - 1
            and tags[noun] in ("DT", "PRP$", "CD", "JJ", "NN")
            and tags[noun + 1] in _OBJECT
        ):
            noun += 1
        beside = noun == behind or tree.heads[behind] == noun
        if not verb < first < at or tags[noun] not in ("NN", "NNS", "VBZ") or tree.heads[noun] == at:
            continue
        above = verb
        while above >= 0 and above not in (at, noun):
            above = tree.heads[above]
        if above >= 0 or not beside:
            # Nothing is put below what stands below it.
            continue
        tags[at], moved[at], moved[noun] = "VBZ", verb, at
        tags[noun], labels[noun] = "NNS" if tags[noun] == "VBZ" else tags[noun], "obj"
    return moved


def _tells_somebody(tree: Tree, tags: Sequence[str], at: int) -> bool:
    """Say whether a participle is the verb of "The chief executive told investors that …": no other stands before."""
    words = tree.words
    if words[at].lower() not in _ADDRESSING or not at or _after_auxiliary(tree, at):
        return False
    if any(tag in _FINITE_OR_MODAL for tag in tags[:at]) or tree.xpos[at - 1] not in (*_NOUNS, "JJ"):
        return False
    that = next((k for k in range(at + 2, min(at + 7, len(tags))) if words[k].lower() == "that"), -1)
    return that > 0 and all(tree.xpos[k].startswith(_PHRASE) for k in range(at + 1, that))


def _tells_of_a_noun(tree: Tree, at: int) -> bool:
    """Say whether a past goes on from a participle: "The mayor, elected in 2019 and | reelected in 2023, left"."""
    head = tree.heads[at]
    if tree.words[at] in _NO_PARTICIPLE or not 0 < head < at or tree.xpos[head] != "VBN":
        return False
    return tree.labels[head] == "acl" and "CC" in tree.xpos[head:at] and not _after_auxiliary(tree, head)


def _fenced_root(tree: Tree, tags: list[str], labels: list[str]) -> dict[int, int]:
    """Read "The ship, launched in 1980 and rebuilt twice, sank": no comma parts a subject from its verb.

    What stands between the commas tells of the subject, and the verb behind them is the root; returns the new heads.
    """
    heads = tree.heads
    root = heads.index(-1)
    if root < 2 or tags[root] not in ("VBN", "VBD") or tree.words[root - 1] != ",":
        return {}
    verb = next(
        (
            at
            for at in range(root + 2, len(tags))
            if labels[at] == "conj" and tree.words[at - 1] == "," and _joined_to(tree, at, root)
        ),
        -1,
    )
    if verb < 0 or (tags[verb] not in _FINITE_OR_MODAL and tags[verb] != "VB"):
        return {}
    noun = next((at for at in range(root - 1) if heads[at] in (root, verb) and labels[at] in _SUBJECTS), -1)
    own = any(heads[at] == verb and labels[at] in _SUBJECTS for at in range(root, verb))
    if noun < 0 or own or "," in tree.words[noun : root - 1] or not tags[root - 2].startswith("NN"):
        return {}
    if tags[verb] == "VB":
        tags[verb] = "VBD"
    for at in range(root, verb):
        if tags[at] == "VBD" and _joined_to(tree, at, root) and tree.words[at] not in _NO_PARTICIPLE:
            tags[at] = "VBN"
    labels[verb], labels[root], labels[noun] = "root", "acl", "nsubj"
    moved = {verb: -1, root: noun, noun: verb}
    outside = [at for at in range(len(heads)) if heads[at] == root and not root < at < verb - 1]
    return moved | {at: verb for at in outside if at not in moved}


def _claims_that(tree: Tree, tags: list[str], labels: list[str]) -> dict[int, int]:
    """Read "Claims that 12 people died were false.": the last verb is the sentence's; returns the new heads."""
    heads = tree.heads
    if tree.words[0].lower() not in _TOLD or heads[0] != -1:
        return {}
    inner = next(
        (at for at in range(2, len(tags)) if heads[at] == 0 and labels[at] in ("ccomp", "acl:relcl")), -1
    )
    outer = next(
        (at for at in range(inner + 1, len(tags)) if heads[at] in (0, inner) and labels[at] == "ccomp"), -1
    )
    if inner < 0 or outer < 0 or not {",", "and", "but"}.isdisjoint(tree.words[inner:outer]):
        return {}
    verb = next((at for at in range(inner + 1, outer + 1) if tags[at] in _FINITE_OR_MODAL), -1)
    if verb < 0 or (verb != outer and heads[verb] != outer):
        return {}
    passive = any(heads[at] == outer and labels[at] == "aux:pass" for at in range(inner, outer))
    tags[0], labels[0], labels[inner], labels[outer] = (
        "NNS",
        "nsubj:pass" if passive else "nsubj",
        "acl",
        "root",
    )
    moved = {0: outer, inner: 0, outer: -1}
    for at in range(1, len(tags)):
        if heads[at] == outer and at < verb and labels[at].startswith("nsubj"):
            # "that the vaccine causes | infertility have been debunked"
            moved[at], labels[at] = inner, "obj"
        elif heads[at] == 0 and at > outer:
            moved[at] = outer
    return moved


def _joined_to(tree: Tree, at: int, first: int) -> bool:
    """Say whether a word is one of those that the first of a row is joined with."""
    while at > first and tree.labels[at] == "conj":
        at = tree.heads[at]
    return at == first


def _goes_on_to_a_verb(tree: Tree, tags: Sequence[str], at: int) -> bool:
    """Say whether a finite verb stands behind a word with no mark between them."""
    for word, tag in zip(tree.words[at + 1 :], tags[at + 1 :], strict=True):
        if word in _FENCES or word in (";", ":"):
            return False
        if tag in _FINITE_OR_MODAL:
            return True
    return False


def _open_clause(tree: Tree, labels: list[str], at: int) -> None:
    """Make a verb that stood as a noun the head of a clause, and the noun before it its subject."""
    if labels[at] in _NOMINAL:
        labels[at] = "parataxis"
    for child in range(at):
        if tree.heads[child] == at and labels[child] == "compound":
            labels[child] = "nsubj"


def _is_conjunction(tree: Tree, at: int, tag: str) -> bool:
    """Say whether "that" opens a clause and stands for nothing in it."""
    if tree.words[at].lower() != "that":
        return False
    label, head = tree.labels[at], tree.heads[at]
    relative = tag == "WDT" and label.startswith("nsubj") and head >= 0 and tree.labels[head] == "ccomp"
    return label == "mark" or relative or _after_addressee(tree, at)


def _is_finite(tree: Tree, tags: Sequence[str], subjects: dict[int, list[int]], at: int) -> bool:
    """Say whether a participle has a subject of its own, or goes on from a finite verb, without auxiliary or agent."""
    if tree.labels[at] == "amod" or tree.words[at + 1 : at + 2] == ("by",) or _after_auxiliary(tree, at):
        return False
    if tree.words[at] in _NO_PARTICIPLE:
        return True
    if any(place < at and tree.labels[place] == "nsubj" for place in subjects.get(at, ())):
        return True
    head = tree.heads[at]
    goes_on = tree.labels[at] == "conj" and 0 <= head < at and tags[head] in _FINITE
    return goes_on and "CC" in tags[head:at]


def _bare(tree: Tree, tags: Sequence[str], subjects: dict[int, list[int]], at: int) -> bool:
    """Say whether a bare word behind a plural is its verb: "Half of all marriages end early", "…, economists warn."."""
    word = tree.words[at]
    if at == len(tags) - 2:
        head = tree.heads[at]
        return (
            word in _TELLING and tree.labels[at] == "parataxis" and head >= 0 and "," in tree.words[head:at]
        )
    alone = tree.labels[at] == "root" and at in subjects and tags[at + 1] in ("IN", "TO", "RB")
    return alone and word in base_forms() and not any(tag in _FINITE_OR_MODAL for tag in tags)


def _shows(tree: Tree, tags: Sequence[str], at: int) -> bool:
    """Say whether a last word tells who shows what stands before: "…, a memo seen by the paper shows."."""
    if tree.words[at] not in _SHOWING or at != len(tags) - 2 or not tags[at - 1].startswith("NN"):
        return False
    comma = max((k for k in range(at) if tree.words[k] == ","), default=0)
    opens = comma > 2 and tree.words[comma + 1].lower() in ("a", "an", "the")
    return opens and "CC" not in tags[comma:at] and any(tag in _FINITE for tag in tags[:comma])


def _closes(tree: Tree, tags: Sequence[str], at: int) -> bool:
    """Say whether a sentence ends in a comment: "…, the weekly bulletin shows."; no list ends without "and"."""
    head = tree.heads[at]
    if _shows(tree, tags, at):
        return True
    last = at == len(tags) - 2 and tree.labels[at] in ("conj", "parataxis") and tags[at - 1] in ("NN", "NNP")
    return last and 0 <= head < at and tags[head] not in _NOUNS and "CC" not in tags[head:at]


def _after_addressee(tree: Tree, at: int) -> bool:
    """Say whether "that" opens what somebody was told: a verb of telling and one noun phrase before it."""
    back = at - 1
    while back >= 0 and at - back <= 6 and (tree.xpos[back].startswith(_PHRASE) or tree.words[back] == "'s"):
        back -= 1
    return 0 <= back < at - 1 and tree.words[back].lower() in _ADDRESSING


def _after_auxiliary(tree: Tree, at: int) -> bool:
    """Say whether a form of be or have stands before, adverbs between; in a question, a pronoun too."""
    before = at - 1
    while before >= 0 and (
        tree.xpos[before] in ("RB", "RBR") or tree.words[before].lower() in ("not", "n't")
    ):
        before -= 1
    if before >= 1 and tree.xpos[before].startswith("PRP") and tree.words[before - 1].lower() in _AUXILIARIES:
        return True
    return before >= 0 and tree.words[before].lower() in _AUXILIARIES


def _one_subject(tree: Tree, labels: list[str], subjects: dict[int, list[int]]) -> tuple[int, ...]:
    """Give the first of two subjects, fenced off from the second, to the verb behind that has none.

    "Rents, the league said, have doubled"; in "the dam (it was built in 1931) leaks" it is left without one.
    """
    heads = tree.heads
    for verb, found in subjects.items():
        if len(found) < 2 or found[1] > verb:
            continue
        fenced = not _FENCES.isdisjoint(tree.words[found[0] + 1 : found[1]])
        if not fenced or not _FENCES.isdisjoint(tree.words[found[1] + 1 : verb]):
            continue
        behind = next(
            (
                at
                for at in range(verb + 1, len(heads))
                if heads[at] == verb and labels[at] in ("ccomp", "parataxis") and at not in subjects
            ),
            -1,
        )
        if behind >= 0:
            heads = (*heads[: found[0]], behind, *heads[found[0] + 1 :])
        else:
            labels[found[0]] = "dep"
    return heads
