"""Train the tagger and parser of ``claims.language.parser`` with numpy alone and write its weight file.

    python benchmarks/train_parser.py --train FILE [FILE ...] --score NAME=FILE [...] [--out FILE] [--epochs 24]
    python benchmarks/train_parser.py --score NAME=FILE [...]

FILE is a treebank in CoNLL-U: ``.conllu``, ``.conllu.xz`` or a ``.tar.xz`` of documents. ``--aside`` names documents
that are left out of training and scored as ``aside``. Documents of ``NEVER`` are left out of both: they are for the
scores of others. Without ``--train`` nothing is trained: it measures the weights that lie in the project.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import resource
import sys
import tarfile
import time
from collections import Counter
from pathlib import Path

# Before numpy is imported: more threads than one are several times slower on matrices of this size.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.language import parser as shipped
from claims.language.parser_net import FAR, ROOT_SLOT, SLOTS, Net, features, shape

F32 = np.float32
BUCKETS = (8, 14, 22, 32, 46, 80)


# Documents of GUM that nothing of the project is learned from or scored on.
NEVER = frozenset(f"GUM_news_{name}" for name in ("defector", "flag", "iodine", "sensitive", "warhol"))

Sentence = list[tuple[str, str, str, int, str]]


def documents(path: Path) -> dict[str, list[Sentence]]:
    """Read a treebank: for each document its sentences.

    A word is form, UPOS, XPOS, head (from 0, -1 root) and label; multiword ranges and empty nodes are left out.
    """
    if path.name.endswith(".tar.xz"):
        with tarfile.open(path) as archive:
            texts = [archive.extractfile(entry).read() for entry in archive if entry.name.endswith(".conllu")]
    elif path.suffix == ".xz":
        texts = [lzma.decompress(path.read_bytes())]
    else:
        texts = [path.read_bytes()]
    found: dict[str, list[Sentence]] = {}
    for text in texts:
        name = path.name
        for block in text.decode("utf-8").split("\n\n"):
            rows = []
            for line in block.split("\n"):
                if line.startswith("# newdoc id = "):
                    name = line.removeprefix("# newdoc id = ").strip()
                cells = line.split("\t")
                if len(cells) == 10 and cells[0].isdigit():
                    rows.append((cells[1], cells[3], cells[4], int(cells[6]) - 1, cells[7]))
            if rows:
                found.setdefault(name, []).append(rows)
    return {name: rows for name, rows in found.items() if name not in NEVER}


def sentences(path: Path) -> list[Sentence]:
    """Read all sentences of a treebank, those of ``NEVER`` left out."""
    return [rows for document in documents(path).values() for rows in document]


class Trainer:
    """Weights, forward and backward pass, and Adam with a moving average."""

    def __init__(self, train, args) -> None:
        self.args = args
        self.rng = np.random.default_rng(args.seed)
        self.dilations = [int(d) for d in args.dilations.split(",")]
        self.tag_layers = 2
        counts: list[Counter] = [Counter() for _ in range(5)]
        for rows in train:
            for row in rows:
                for counter, value in zip(counts, features(row[0]), strict=True):
                    counter[value] += 1
        self.values = [sorted(v for v, n in counter.items() if n >= 2) for counter in counts]
        self.rows = [{v: i for i, v in enumerate(values, 1)} for values in self.values]
        self.xpos = sorted({row[2] for rows in train for row in rows})
        self.upos = sorted({row[1] for rows in train for row in rows})
        self.labels = sorted({row[4] for rows in train for row in rows})
        self.offsets = np.cumsum([0, *[len(v) + 1 for v in self.values]])
        self._initialise()
        self.data = [self._encode(rows) for rows in train]

    def _initialise(self) -> None:
        rng, width = self.rng, self.args.width
        arcs, hidden = self.args.arcs, self.args.label_hidden

        def normal(*size, sd):
            return (rng.standard_normal(size) * sd).astype(F32)

        p = {"emb": normal(int(self.offsets[-1]), width, sd=0.3)}
        for i in range(len(self.dilations)):
            p[f"ln{i}_g"] = np.ones(width, F32)
            p[f"ln{i}_b"] = np.zeros(width, F32)
            p[f"conv{i}"] = normal(3 * width, width, sd=(2 / (3 * width)) ** 0.5)
            p[f"conv{i}_b"] = np.zeros(width, F32)
        p["xpos_out"] = normal(width, len(self.xpos), sd=0.05)
        p["xpos_b"] = np.zeros(len(self.xpos), F32)
        p["upos_out"] = normal(width, len(self.upos), sd=0.05)
        p["upos_b"] = np.zeros(len(self.upos), F32)
        p["tag_in"] = normal(len(self.xpos), width, sd=0.3)
        p["ln_g"] = np.ones(width, F32)
        p["ln_b"] = np.zeros(width, F32)
        for name in ("dep", "gov"):
            p[name] = normal(width, arcs, sd=(2 / width) ** 0.5)
            p[f"{name}_b"] = np.zeros(arcs, F32)
        p["root"] = normal(arcs, sd=0.05)
        p["arc"] = normal(arcs, arcs, sd=0.05)
        p["arc_b"] = np.zeros(arcs, F32)
        p["rel"] = normal(arcs, SLOTS, sd=0.05)
        p["rel_b"] = np.zeros(SLOTS, F32)
        p["lab_dep"] = normal(width, hidden, sd=(2 / width) ** 0.5)
        p["lab_head"] = normal(width, hidden, sd=(2 / width) ** 0.5)
        p["lab_rel"] = normal(SLOTS, hidden, sd=0.05)
        p["lab_b"] = np.zeros(hidden, F32)
        p["lab_out"] = normal(hidden, len(self.labels), sd=0.05)
        p["lab_out_b"] = np.zeros(len(self.labels), F32)
        self.p = p
        self.m = {k: np.zeros_like(v) for k, v in p.items()}
        self.v = {k: np.zeros_like(v) for k, v in p.items()}
        self.mean = {k: v.copy() for k, v in p.items()}

    def _encode(self, rows):
        """Return feature ids, shape ids in three other cases, tags, heads and labels as arrays."""
        words = [row[0] for row in rows]
        ids = [[self.rows[f].get(v, 0) for f, v in enumerate(features(w))] for w in words]

        def shapes(change):
            return [self.rows[4].get(shape(change(w)), 0) for w in words]

        cases = [shapes(lambda w: w[:1].upper() + w[1:]), shapes(str.upper), shapes(str.lower)]
        xpos, upos, labels = (
            {v: i for i, v in enumerate(names)} for names in (self.xpos, self.upos, self.labels)
        )
        return (
            np.array(ids),
            np.array(cases),
            np.array([xpos[row[2]] for row in rows]),
            np.array([upos[row[1]] for row in rows]),
            np.array([row[3] + 1 for row in rows]),
            np.array([labels[row[4]] for row in rows]),
        )

    def batches(self):
        """Group sentences of similar length into batches of about the wished number of words, shuffled."""
        buckets: dict[int, list[int]] = {b: [] for b in BUCKETS}
        for i in self.rng.permutation(len(self.data)):
            n = len(self.data[i][0])
            for b in BUCKETS:
                if n <= b:
                    buckets[b].append(i)
                    break
        result = []
        for members in buckets.values():
            batch, size = [], 0
            for i in members:
                batch.append(i)
                size += len(self.data[i][0])
                if size >= self.args.batch:
                    result.append(batch)
                    batch, size = [], 0
            if batch:
                result.append(batch)
        self.rng.shuffle(result)
        return result

    def drop(self, shape_, rate):
        keep = self.rng.random(shape_, F32) >= rate
        return keep.astype(F32) / F32(1 - rate)

    def step(self, batch):
        """Run one batch forward and backward; return summed loss parts and the gradients."""
        a, p, rng = self.args, self.p, self.rng
        items = [self.data[i] for i in batch]
        size, length = len(items), max(len(item[0]) for item in items)
        width = a.width
        ids = np.zeros((size, length, 5), np.intp)
        gold = np.zeros((4, size, length), np.intp)
        mask = np.zeros((size, length), bool)
        for k, (item, chance) in enumerate(zip(items, rng.random(size), strict=True)):
            n = len(item[0])
            ids[k, :n] = item[0]
            # Headlines: titles, capitals, no capitals. Only the shape sees case.
            if chance < 0.09:
                ids[k, :n, 4] = item[1][0 if chance < 0.05 else 1 if chance < 0.07 else 2]
            for g in range(4):
                gold[g, k, :n] = item[2 + g]
            mask[k, :n] = True
        word_out = rng.random((size, length)) < a.word_drop
        ids[..., 0][word_out] = 0
        ids[rng.random(ids.shape) < a.feature_drop] = 0
        flat = ids + self.offsets[:5]
        live = mask[..., None].astype(F32)
        grads = {}
        drops = [self.drop((size, length, width), a.dropout) for _ in range(len(self.dilations) + 1)]
        h = p["emb"][flat].sum(2) * live * drops[0]
        cache = []
        token = mask.reshape(-1)
        rows = np.flatnonzero(token)
        count = len(rows)
        for i, d in enumerate(self.dilations):
            if i == self.tag_layers:
                ht = h.reshape(-1, width)[rows]
                xs, us = ht @ p["xpos_out"] + p["xpos_b"], ht @ p["upos_out"] + p["upos_b"]
                px, pu = softmax(xs), softmax(us)
                h = h.copy()
                h.reshape(-1, width)[rows] += px @ p["tag_in"]
            x, norm = layer_norm(h, p[f"ln{i}_g"], p[f"ln{i}_b"])
            x *= live
            joined = np.zeros((size, length, 3 * width), F32)
            joined[:, :, width : 2 * width] = x
            if length > d:
                joined[:, d:, :width] = x[:, :-d]
                joined[:, :-d, 2 * width :] = x[:, d:]
            z = joined.reshape(-1, 3 * width) @ p[f"conv{i}"] + p[f"conv{i}_b"]
            z = z.reshape(size, length, width)
            gate = (z > 0) * drops[i + 1] * live
            h = h + z * gate
            cache.append((norm, joined, gate))
        y3, last_norm = layer_norm(h, p["ln_g"], p["ln_b"])
        y3 *= live
        y = y3.reshape(-1, width)
        dep, gov = y @ p["dep"] + p["dep_b"], y @ p["gov"] + p["gov_b"]
        dep_gate = (dep > 0) * self.drop(dep.shape, a.dropout)
        gov_gate = (gov > 0) * self.drop(gov.shape, a.dropout)
        dep, gov = dep * dep_gate, gov * gov_gate
        arcs = dep.shape[1]
        asks = (dep @ p["arc"] + p["arc_b"]).reshape(size, length, arcs)
        near = (dep @ p["rel"] + p["rel_b"]).reshape(size, length, SLOTS)
        heads3 = np.concatenate(
            [np.broadcast_to(p["root"], (size, 1, arcs)), gov.reshape(size, length, arcs)], 1
        )
        hot = one_hot(length)
        scores = asks @ heads3.transpose(0, 2, 1)
        scores += (near.transpose(1, 0, 2) @ hot.transpose(0, 2, 1)).transpose(1, 0, 2)
        scores[:, :, 1:] += np.where(mask, F32(0), F32(-1e9))[:, None, :]
        diagonal = np.arange(length)
        scores[:, diagonal, diagonal + 1] = -1e9
        pa = softmax(scores)
        # Labels, at the gold head.
        place = np.broadcast_to(np.arange(length), (size, length)).reshape(-1)[rows]
        head = gold[2].reshape(-1)[rows]
        slot = np.where(head == 0, ROOT_SLOT, np.clip(head - 1 - place, -FAR, FAR) + FAR)
        base = rows - place
        head_row = np.where(head == 0, 0, base + head - 1)
        yh = y[head_row] * (head > 0)[:, None]
        yd = y[rows]
        hid = yd @ p["lab_dep"] + yh @ p["lab_head"] + p["lab_rel"][slot] + p["lab_b"]
        hid_gate = (hid > 0) * self.drop(hid.shape, 0.25)
        hid = hid * hid_gate
        pl = softmax(hid @ p["lab_out"] + p["lab_out_b"])
        gx, gu, gl = gold[0].reshape(-1)[rows], gold[1].reshape(-1)[rows], gold[3].reshape(-1)[rows]
        each = np.arange(count)
        pa_rows = pa.reshape(-1, length + 1)
        losses = (
            -np.log(pa_rows[rows, head] + 1e-9).sum(),
            -np.log(pl[each, gl] + 1e-9).sum(),
            -np.log(px[each, gx] + 1e-9).sum(),
            -np.log(pu[each, gu] + 1e-9).sum(),
        )

        # Backward.
        scale = F32(1 / count)
        dl = pl
        dl[each, gl] -= 1
        dl *= scale
        grads["lab_out"], grads["lab_out_b"] = hid.T @ dl, dl.sum(0)
        dhid = (dl @ p["lab_out"].T) * hid_gate
        grads["lab_dep"], grads["lab_head"], grads["lab_b"] = yd.T @ dhid, yh.T @ dhid, dhid.sum(0)
        grads["lab_rel"] = np.zeros_like(p["lab_rel"])
        np.add.at(grads["lab_rel"], slot, dhid)
        dy = np.zeros_like(y)
        dyh = (dhid @ p["lab_head"].T) * (head > 0)[:, None]
        add_rows(dy, head_row, dyh)
        dy[rows] += dhid @ p["lab_dep"].T

        ds = pa
        ds.reshape(-1, length + 1)[rows, head] -= 1
        ds *= live * scale
        dasks = (ds @ heads3).reshape(-1, arcs)
        dheads = ds.transpose(0, 2, 1) @ asks
        dnear = (ds.transpose(1, 0, 2) @ hot).transpose(1, 0, 2).reshape(-1, SLOTS)
        grads["root"] = dheads[:, 0].sum(0)
        grads["arc"], grads["arc_b"] = dep.T @ dasks, dasks.sum(0)
        grads["rel"], grads["rel_b"] = dep.T @ dnear, dnear.sum(0)
        ddep = (dasks @ p["arc"].T + dnear @ p["rel"].T) * dep_gate
        dgov = dheads[:, 1:].reshape(-1, arcs) * gov_gate
        grads["dep"], grads["dep_b"] = y.T @ ddep, ddep.sum(0)
        grads["gov"], grads["gov_b"] = y.T @ dgov, dgov.sum(0)
        dy += ddep @ p["dep"].T + dgov @ p["gov"].T

        dh, grads["ln_g"], grads["ln_b"] = norm_back(
            dy.reshape(size, length, width) * live, last_norm, p["ln_g"]
        )
        for i in reversed(range(len(self.dilations))):
            d = self.dilations[i]
            norm, joined, gate = cache[i]
            dz = (dh * gate).reshape(-1, width)
            grads[f"conv{i}"], grads[f"conv{i}_b"] = joined.reshape(-1, 3 * width).T @ dz, dz.sum(0)
            dj = (dz @ p[f"conv{i}"].T).reshape(size, length, 3 * width)
            dx = dj[:, :, width : 2 * width].copy()
            if length > d:
                dx[:, :-d] += dj[:, d:, :width]
                dx[:, d:] += dj[:, :-d, 2 * width :]
            dx, grads[f"ln{i}_g"], grads[f"ln{i}_b"] = norm_back(dx * live, norm, p[f"ln{i}_g"])
            dh = dh + dx
            if i == self.tag_layers:
                dt = dh.reshape(-1, width)[rows]
                grads["tag_in"] = px.T @ dt
                dp = dt @ p["tag_in"].T
                dxs = px * (dp - (dp * px).sum(1, keepdims=True))
                dce = px.copy()
                dce[each, gx] -= 1
                dxs += dce * (scale * F32(a.tag_weight))
                pu[each, gu] -= 1
                dus = pu * (scale * F32(a.tag_weight))
                grads["xpos_out"], grads["xpos_b"] = ht.T @ dxs, dxs.sum(0)
                grads["upos_out"], grads["upos_b"] = ht.T @ dus, dus.sum(0)
                dh.reshape(-1, width)[rows] += dxs @ p["xpos_out"].T + dus @ p["upos_out"].T
        dh *= live * drops[0]
        demb = np.zeros_like(p["emb"])
        tokens = dh.reshape(-1, width)[rows]
        for f in range(5):
            add_rows(demb, flat[..., f].reshape(-1)[rows], tokens)
        grads["emb"] = demb
        return np.array(losses), count, grads

    def update(self, grads, t, total) -> None:
        """Take one Adam step: warm-up, cosine to 2 %, clipped gradient, moving average of the weights."""
        norm = float(np.sqrt(sum(float(np.vdot(g, g)) for g in grads.values())))
        clip = min(1.0, 5.0 / (norm + 1e-9))
        rate = self.args.rate * min(1.0, t / 200) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * t / total)))
        b1, b2 = 0.9, 0.98
        corrected = rate * (1 - b2**t) ** 0.5 / (1 - b1**t)
        decay = min(0.995, (1 + t) / (10 + t))
        for name, g in grads.items():
            if clip < 1:
                g *= F32(clip)
            m, v, w, mean = self.m[name], self.v[name], self.p[name], self.mean[name]
            m += F32(1 - b1) * (g - m)
            g *= g
            v += F32(1 - b2) * (g - v)
            np.sqrt(v, out=g)
            g += F32(1e-8)
            np.divide(m, g, out=g)
            g *= F32(corrected)
            w -= g
            mean += F32(1 - decay) * (w - mean)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what the weight file holds: int8 matrices with scales, float32 vectors, JSON as bytes."""
        meta = {
            "schema": 1,
            "dilations": self.dilations,
            "tag_layers": self.tag_layers,
            "xpos": self.xpos,
            "upos": self.upos,
            "labels": self.labels,
            "vocabulary": self.values,
        }
        out = {"meta": np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), np.uint8)}
        for name, value in self.mean.items():
            if name == "emb":
                for f in range(5):
                    part = value[self.offsets[f] : self.offsets[f + 1]]
                    out[f"emb{f}.q"], out[f"emb{f}.s"] = quantise(part, 1)
            elif value.ndim == 2:
                out[f"{name}.q"], out[f"{name}.s"] = quantise(value, 0)
            else:
                out[name] = value
        return out


def quantise(matrix, axis):
    """Return int8 values and a float16 scale per row (axis 1) or per column (axis 0)."""
    scale = (np.abs(matrix).max(axis, keepdims=True) / 127 + 1e-7).astype(np.float16)
    return np.clip(np.rint(matrix / scale.astype(F32)), -127, 127).astype(np.int8), scale


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    x /= x.sum(-1, keepdims=True)
    return x


def layer_norm(x, gain, bias):
    centred = x - x.mean(-1, keepdims=True)
    inverse = 1 / np.sqrt((centred * centred).mean(-1, keepdims=True) + F32(1e-5))
    unit = centred * inverse
    return unit * gain + bias, (unit, inverse)


def norm_back(dy, saved, gain):
    unit, inverse = saved
    dgain, dbias = (dy * unit).sum((0, 1)), dy.sum((0, 1))
    g = dy * gain
    dx = inverse * (g - g.mean(-1, keepdims=True) - unit * (g * unit).mean(-1, keepdims=True))
    return dx, dgain, dbias


def add_rows(target, index, values) -> None:
    """Add rows at repeated indices: sorted runs are summed at once, many times faster than np.add.at."""
    order = np.argsort(index, kind="stable")
    ordered = index[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    target[ordered[starts]] += np.add.reduceat(values[order], starts, axis=0)


_HOT: dict[int, np.ndarray] = {}


def one_hot(length):
    """Return for word i and head j (0 root) the slot of their distance, one-hot: (n, n + 1, slots)."""
    if length not in _HOT:
        place = np.arange(length)
        slots = np.full((length, length + 1), ROOT_SLOT)
        slots[:, 1:] = np.clip(place[None, :] - place[:, None], -FAR, FAR) + FAR
        hot = np.zeros((length, length + 1, SLOTS), F32)
        np.put_along_axis(hot, slots[..., None], 1, axis=2)
        _HOT[length] = hot
    return _HOT[length]


def score(net: Net, dev) -> dict[str, float]:
    """Measure tags, heads and labels on gold words, punctuation included, and words per CPU second."""
    words = [[row[0] for row in rows] for rows in dev]
    found: list = []
    started = time.process_time()
    for at in range(0, len(words), 60):
        found.extend(net.parse(words[at : at + 60]))
    parse_seconds = time.process_time() - started
    started = time.process_time()
    for at in range(0, len(words), 60):
        net.tag(words[at : at + 60])
    tag_seconds = time.process_time() - started
    right = Counter()
    recall: dict[str, list[int]] = {}
    for rows, (_, upos, xpos, heads, labels) in zip(dev, found, strict=True):
        for k, (_, u, x, head, label) in enumerate(rows):
            right["words"] += 1
            right["upos"] += u == upos[k]
            right["xpos"] += x == xpos[k]
            right["uas"] += head == heads[k]
            both = head == heads[k] and label == labels[k]
            right["las"] += both
            recall.setdefault(label, []).append(both)
    n = right["words"]
    result = {name: round(100 * right[name] / n, 2) for name in ("xpos", "upos", "uas", "las")}
    result["parse_words_per_second"] = round(n / parse_seconds)
    result["tag_words_per_second"] = round(n / tag_seconds)
    for label in ("nsubj", "obj", "ccomp", "advcl", "conj", "appos", "acl:relcl", "acl", "parataxis"):
        if label in recall:
            result[f"recall_{label}"] = round(sum(recall[label]) / len(recall[label]), 3)
    return result


def main() -> None:
    """Train, writing the weights and their dev figures after every few epochs; or only score."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--train", type=Path, nargs="+", default=[], metavar="FILE")
    cli.add_argument("--aside", nargs="+", default=[], metavar="DOCUMENT")
    cli.add_argument("--score", nargs="+", default=[], metavar="NAME=FILE")
    cli.add_argument("--out", type=Path, default=shipped.WEIGHTS)
    cli.add_argument("--epochs", type=int, default=24)
    cli.add_argument("--limit", type=int, default=0, help="train on the first N sentences only")
    cli.add_argument("--dilations", default="1,2,4,1,2")
    cli.add_argument("--width", type=int, default=128)
    cli.add_argument("--arcs", type=int, default=96)
    cli.add_argument("--label-hidden", type=int, default=64)
    cli.add_argument("--dropout", type=float, default=0.33)
    cli.add_argument("--word-drop", type=float, default=0.2)
    cli.add_argument("--feature-drop", type=float, default=0.06)
    cli.add_argument("--tag-weight", type=float, default=0.8)
    cli.add_argument("--rate", type=float, default=2e-3)
    cli.add_argument("--batch", type=int, default=1000)
    cli.add_argument("--every", type=int, default=5, help="write and score after this many epochs")
    cli.add_argument("--seed", type=int, default=1)
    args = cli.parse_args()
    sets = {name: sentences(Path(path)) for name, path in (part.split("=", 1) for part in args.score)}
    if not args.train:
        for name, rows in sets.items():
            print(name, json.dumps(score(Net.load(shipped.WEIGHTS), rows)))
        return
    named = {name: rows for path in args.train for name, rows in documents(path).items()}
    if unknown := set(args.aside) - named.keys():
        cli.error(f"--aside names documents that are not there: {', '.join(sorted(unknown))}")
    if args.aside:
        sets["aside"] = [rows for name in args.aside for rows in named.pop(name)]
    train = [rows for document in named.values() for rows in document]
    print(f"{len(named)} documents, {len(train)} sentences, {sum(map(len, train))} words", flush=True)
    trainer = Trainer(train[: args.limit] if args.limit else train, args)
    total = args.epochs * len(trainer.batches())
    t = 0
    for epoch in range(1, args.epochs + 1):
        started = time.process_time()
        losses, words = np.zeros(4), 0
        for batch in trainer.batches():
            t += 1
            part, n, grads = trainer.step(batch)
            trainer.update(grads, min(t, total), total)
            losses, words = losses + part, words + n
        spent = time.process_time() - started
        figures = " ".join(f"{x:.3f}" for x in losses / words)
        print(f"epoch {epoch}: arc, label, xpos, upos loss {figures}; {spent:.1f} CPU s", flush=True)
        if epoch % args.every == 0 or epoch == args.epochs:
            np.savez_compressed(args.out, **trainer.arrays())
            for name, rows in sets.items():
                print(name, json.dumps(score(Net.load(args.out), rows)), flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{args.out}: {args.out.stat().st_size:,} bytes; peak memory {memory} MB")


if __name__ == "__main__":
    main()
