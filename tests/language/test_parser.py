"""Tags and trees: well-formed for any input, right on plain sentences, loaded only when used."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import train_parser
from claims.language import parser, parser_net
from claims.language.parser import Tree, parse, tag
from tests.shared_data import shared_path


def words(sentence: str) -> list[str]:
    return sentence.split()


def is_tree(heads: tuple[int, ...]) -> bool:
    """Exactly one root, and every word reaches it."""
    if sum(head == -1 for head in heads) != 1:
        return False
    for start in range(len(heads)):
        at, steps = start, 0
        while heads[at] != -1:
            at, steps = heads[at], steps + 1
            if steps > len(heads):
                return False
    return True


def test_importing_the_parser_imports_no_numpy() -> None:
    code = "import sys, claims.language.parser; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_plain_sentence_is_parsed_as_a_reader_would() -> None:
    (tree,) = parse([words("The minister said that the bridge was closed in May .")])
    at = {word: i for i, word in enumerate(tree.words)}
    assert tree.xpos[at["said"]] == "VBD"
    assert tree.upos[at["minister"]] == "NOUN"
    assert (tree.heads[at["minister"]], tree.labels[at["minister"]]) == (at["said"], "nsubj")
    assert tree.heads[at["said"]] == -1
    assert tree.labels[at["said"]] == "root"
    assert (tree.heads[at["closed"]], tree.labels[at["closed"]]) == (at["said"], "ccomp")
    assert (tree.heads[at["bridge"]], tree.labels[at["bridge"]]) == (at["closed"], "nsubj:pass")


def test_a_headline_in_title_case_keeps_its_verb() -> None:
    (tree,) = parse([words("Minister Rejects New Plan For Harbour Bridge")])
    assert tree.upos[1] == "VERB"


def test_curly_marks_are_read_as_straight_ones() -> None:
    curly, straight = parse([words("He did n’t say “ no ” ."), words('He did n\'t say " no " .')])
    assert curly.heads == straight.heads
    assert curly.xpos == straight.xpos
    assert curly.words[2] == "n’t"


def test_an_empty_sentence_gives_an_empty_tree_in_its_place() -> None:
    first, empty, last = parse([["Yes"], [], ["No"]])
    assert first.words == ("Yes",)
    assert empty == Tree((), (), (), (), ())
    assert last.words == ("No",)


def test_nothing_gives_nothing() -> None:
    assert parse([]) == []
    assert tag([]) == []


def test_a_batch_gives_what_single_calls_give() -> None:
    sentences = [
        words("Prices rose by 3 percent , while wages fell ."),
        words("Who knows ?"),
        words("The mayor , who was elected in 2019 , resigned ."),
        words("Prices fell by 3 percent , while wages rose ."),
    ]
    together = parse(sentences)
    alone = [parse([sentence])[0] for sentence in sentences]
    assert [t.heads for t in together] == [t.heads for t in alone]
    assert [t.labels for t in together] == [t.labels for t in alone]


def test_tagging_alone_gives_the_tags_of_parsing() -> None:
    sentences = [words("The harbour froze twice ."), [], words("Nobody was hurt .")]
    assert [(t.upos, t.xpos) for t in tag(sentences)] == [(t.upos, t.xpos) for t in parse(sentences)]


def test_an_endless_sentence_is_parsed_in_windows_and_stays_one_tree() -> None:
    sentence = words("the dog barked and the cat slept ,") * 400
    (tree,) = parse([sentence])
    assert tree.words == tuple(sentence)
    assert is_tree(tree.heads)
    (tagged,) = tag([sentence])
    assert tagged.xpos == tree.xpos


def test_windows_break_behind_punctuation() -> None:
    sentence = ["word"] * 100 + [","] + ["word"] * 100
    assert [len(window) for window in parser._windows(sentence)] == [101, 100]
    assert [len(window) for window in parser._windows(["word"] * 241)] == [120, 120, 1]


def test_the_table_of_known_words_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    net = parser_net.Net.load(parser.WEIGHTS)
    monkeypatch.setattr(parser_net, "TABLE_ROWS", 50)
    before = net.parse([words("The mayor resigned .")])
    for i in range(20):
        net.parse([[f"name{i}x{k}" for k in range(10)]])
        assert len(net._rows) <= 50
    assert net.parse([words("The mayor resigned .")]) == before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(min_size=0, max_size=12), max_size=25), max_size=5))
def test_any_words_give_one_well_formed_tree_each(sentences: list[list[str]]) -> None:
    for sentence, tree in zip(sentences, parse(sentences), strict=True):
        assert tree.words == tuple(sentence)
        assert len(tree.upos) == len(tree.xpos) == len(tree.heads) == len(tree.labels) == len(sentence)
        assert is_tree(tree.heads) or not sentence


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_the_repair_always_ends_in_a_tree(n: int, seed: int) -> None:
    scores = np.random.default_rng(seed).standard_normal((n, n + 1)).astype(np.float32)
    scores[np.arange(n), np.arange(n) + 1] = -1e9
    repaired = parser_net._tree(scores, scores.argmax(1).tolist())
    assert is_tree(tuple(head - 1 for head in repaired))


@pytest.mark.parametrize(
    "heads", [[0, 1, 1], [2, 1, 0], [0, 3, 4, 2], [0, 0], [2, 1], [0], [2, 3, 4, 5, 6, 7, 8, 0]]
)
def test_what_is_no_tree_is_noticed_in_any_place(heads: list[int]) -> None:
    others = [[0], [2, 0]]
    rows = [others[0], heads, others[1]]
    ends = np.cumsum([len(row) for row in rows]).tolist()
    flat = np.array([head for row in rows for head in row])
    found = parser_net._no_trees(flat, [0, *ends[:-1]], ends).tolist()
    assert found == ([] if is_tree(tuple(head - 1 for head in heads)) else [1])


@pytest.mark.parametrize(
    ("word", "norm", "shape"),
    [
        ("2019", "!Y", "dd"),
        ("3.1", "!D", "d.d"),
        ("www.example.com", "!U", "xx.xx."),
        ("a.smith@example.org", "!U", "x.xx@x"),
        ("McLean’s", "mclean's", "XxXxx'"),
        ("USA", "usa", "XX"),
        ("“", '"', '"'),
    ],
)
def test_features_of_a_word(word: str, norm: str, shape: str) -> None:
    found = parser_net.features(word)
    assert (found[0], found[4]) == (norm, shape)


def test_the_weight_file_is_small_and_holds_no_pickle() -> None:
    assert parser.WEIGHTS.stat().st_size < 2_300_000
    with np.load(parser.WEIGHTS, allow_pickle=False) as stored:
        assert {"meta", "emb0.q", "emb0.s", "conv0.q"} <= set(stored.files)
        assert all(stored[name].dtype != object for name in stored.files)


def trainer(rows: list[list[tuple[str, str, str, int, str]]]) -> train_parser.Trainer:
    settings_ = SimpleNamespace(
        seed=3,
        dilations="1,2,4",
        width=12,
        arcs=8,
        label_hidden=7,
        dropout=0.0,
        word_drop=0.0,
        feature_drop=0.0,
        tag_weight=0.5,
        batch=30,
        rate=0.02,
    )
    return train_parser.Trainer(rows, settings_)


TINY = [
    [
        ("The", "DET", "DT", 1, "det"),
        ("dog", "NOUN", "NN", 2, "nsubj"),
        ("slept", "VERB", "VBD", -1, "root"),
        (".", "PUNCT", ".", 2, "punct"),
    ],
    [("Cats", "NOUN", "NNS", 1, "nsubj"), ("sleep", "VERB", "VBP", -1, "root")],
    [
        ("The", "DET", "DT", 1, "det"),
        ("cats", "NOUN", "NNS", 2, "nsubj"),
        ("saw", "VERB", "VBD", -1, "root"),
        ("the", "DET", "DT", 4, "det"),
        ("dog", "NOUN", "NN", 2, "obj"),
    ],
] * 2


def test_the_gradients_of_training_are_those_of_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_parser, "F32", np.float64)
    train_parser._HOT.clear()
    made = trainer(TINY)
    noise = np.random.default_rng(5)
    made.p = {k: v.astype(np.float64) + 0.01 * noise.standard_normal(v.shape) for k, v in made.p.items()}

    def loss() -> tuple[float, dict[str, np.ndarray]]:
        made.rng = np.random.default_rng(9)
        parts, count, grads = made.step([0, 1, 2])
        return float((parts[0] + parts[1] + 0.5 * parts[2] + 0.5 * parts[3]) / count), grads

    gradients = loss()[1]
    for name, weights in made.p.items():
        flat, gradient = weights.reshape(-1), gradients[name].reshape(-1)
        at = int(np.abs(gradient).argmax())
        kept = flat[at]
        flat[at] = kept + 1e-5
        above = loss()[0]
        flat[at] = kept - 1e-5
        below = loss()[0]
        flat[at] = kept
        assert gradient[at] == pytest.approx((above - below) / 2e-5, rel=0.01, abs=1e-5), name
    train_parser._HOT.clear()


def test_training_learns_and_its_file_is_read_back(tmp_path: Path) -> None:
    made = trainer(TINY)
    for t in range(1, 121):
        _, _, gradients = made.step(list(range(len(TINY))))
        made.update(gradients, t, 150)
    np.savez_compressed(tmp_path / "tiny.npz", **made.arrays())
    net = parser_net.Net.load(tmp_path / "tiny.npz")
    for rows in TINY:
        ((_, upos, xpos, heads, labels),) = net.parse([[row[0] for row in rows]])
        assert list(zip(upos, xpos, heads, labels, strict=True)) == [row[1:] for row in rows]


CONLLU = """# newdoc id = {name}
1\tCats\tcat\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tVERB\tVBP\t_\t0\troot\t_\t_
2.1\tit\tit\tPRON\tPRP\t_\t_\t_\t_\t_

# sent_id = 2
1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_

"""


def test_an_archive_gives_its_documents_but_those_that_others_score_on(tmp_path: Path) -> None:
    path = tmp_path / "trees.conllu.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        for name in ("GUM_news_flag", "GUM_news_korea", "GUM_news_iodine"):
            (tmp_path / f"{name}.conllu").write_text(CONLLU.format(name=name), encoding="utf-8")
            archive.add(tmp_path / f"{name}.conllu", f"{name}.conllu")
    cats = [("Cats", "NOUN", "NNS", 1, "nsubj"), ("do", "VERB", "VBP", -1, "root")]
    assert train_parser.documents(path) == {"GUM_news_korea": [cats, [("Yes", "INTJ", "UH", -1, "root")]]}


def test_documents_put_aside_are_scored_and_not_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "trees.conllu"
    path.write_text(
        CONLLU.format(name="a") + CONLLU.format(name="b").replace("Cats", "Dogs"), encoding="utf-8"
    )
    out = tmp_path / "out.npz"
    command = f"train --train {path} --aside b --out {out} --epochs 1 --dilations 1,2,4 --width 8"
    monkeypatch.setattr(sys, "argv", command.split())
    train_parser.main()
    shown = capsys.readouterr().out
    assert "1 documents, 2 sentences, 3 words" in shown
    assert "aside {" in shown


@pytest.mark.shared
def test_the_shipped_weights_reach_their_figures_on_the_treebank() -> None:
    dev = train_parser.sentences(shared_path("data/ud-english-ewt") / "en_ewt-ud-dev.conllu.xz")
    figures = train_parser.score(parser_net.Net.load(parser.WEIGHTS), dev)
    assert figures["xpos"] >= 94.0
    assert figures["upos"] >= 94.6
    assert figures["uas"] >= 85.7
    assert figures["las"] >= 81.7


@pytest.mark.shared
def test_the_shipped_weights_reach_their_figures_on_edited_sentences_never_learned_from() -> None:
    news = train_parser.sentences(shared_path("data/ud-english-pud") / "en_pud-ud-test.conllu.xz")
    figures = train_parser.score(parser_net.Net.load(parser.WEIGHTS), news)
    assert figures["xpos"] >= 94.8
    assert figures["uas"] >= 84.3
    assert figures["las"] >= 80.5
