#!/usr/bin/env python3
"""Makes a state dictionary with the names and shapes of GPT-2 as DistributedDataParallel saves it, and what Flax has of it.

usage: make.py DIRECTORY     (torch 2.13 and numpy)

gpt2.pt is written by torch.save; flax.json has the tree of Hugging Face's FlaxGPT2LMHeadModel: for each path the shape and the
bytes, computed with NumPy. FlaxConv1D keeps its kernel as [features, inputs], the transpose of PyTorch's Conv1D; a layer norm's
weight is "scale", an embedding's "embedding".
"""
import json
import pathlib
import sys

import numpy as np
import torch

WIDTH, WORDS, PLACES, LAYERS = 4, 7, 5, 2
directory = pathlib.Path(sys.argv[1])
count = 0


def values(*shape):
    global count
    count += 1
    return (np.arange(np.prod(shape), dtype=np.float32) + 1000 * count).reshape(shape)


state, flax = {}, {}


def put(torch_name, flax_path, array, transposed=False):
    state["module.transformer." + torch_name] = torch.from_numpy(array.copy())
    flax["transformer/" + flax_path] = array.T if transposed else array


put("wte.weight", "wte/embedding", values(WORDS, WIDTH))
put("wpe.weight", "wpe/embedding", values(PLACES, WIDTH))
for layer in range(LAYERS):
    h = f"h.{layer}."
    for norm in ["ln_1", "ln_2"]:
        put(h + norm + ".weight", f"h/{layer}/{norm}/scale", values(WIDTH))
        put(h + norm + ".bias", f"h/{layer}/{norm}/bias", values(WIDTH))
    for name, inputs, features in [("attn.c_attn", WIDTH, 3 * WIDTH), ("attn.c_proj", WIDTH, WIDTH),
                                   ("mlp.c_fc", WIDTH, 4 * WIDTH), ("mlp.c_proj", 4 * WIDTH, WIDTH)]:
        path = f"h/{layer}/" + name.replace(".", "/")
        put(h + name + ".weight", path + "/kernel", values(inputs, features), transposed=True)
        put(h + name + ".bias", path + "/bias", values(features))
put("ln_f.weight", "ln_f/scale", values(WIDTH))
put("ln_f.bias", "ln_f/bias", values(WIDTH))
state["module.lm_head.weight"] = state["module.transformer.wte.weight"]

directory.mkdir(exist_ok=True)
torch.save(state, directory / "gpt2.pt")
truth = {path: {"shape": array.shape, "bytes": np.ascontiguousarray(array).tobytes().hex()} for path, array in flax.items()}
(directory / "flax.json").write_text(json.dumps(truth, indent=0) + "\n")
