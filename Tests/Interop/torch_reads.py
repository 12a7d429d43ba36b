#!/usr/bin/env python3
"""The real PyTorch reads what the tool writes, without pickle's classes, and finds the truth's values.

usage: torch_reads.py COPPICE DIRECTORY...

Each case is loaded with weights_only=True, from memory and mapped, and with all of pickle. Tensors that share memory in
a file of PyTorch share it in the result.
"""
import os
import pickle
import sys

import ml_dtypes
import numpy as np
import torch

import pickle_reads
import truth

# Types that old versions lack, in arrays that they therefore can't load.
LACKING = {name for name in (
    "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
    "float8_e8m0fnu") if not hasattr(torch, name)}
VERSION = tuple(map(int, torch.__version__.split("+")[0].split(".")[:2]))


def plain(value):
    """What was loaded with NumPy's arrays in the place of tensors, and with keys as texts."""
    if isinstance(value, torch.Tensor):
        assert value.is_contiguous() and not value.requires_grad and value.device.type == "cpu"
        name = str(value.dtype).split(".")[1]
        dtype = np.dtype(getattr(ml_dtypes, name, name))
        flat = torch.view_as_real(value).reshape(-1) if value.is_complex() else value.reshape(-1)
        return np.frombuffer(flat.view(torch.uint8).numpy().tobytes(), dtype).reshape(tuple(value.shape))
    if isinstance(value, dict):
        return {str(key): plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    return value


def dtypes(node):
    """The types of the arrays of a truth."""
    value = node[truth.kind_of(node)]
    if isinstance(value, dict) and "dtype" in value:
        return {value["dtype"]}
    children = value if isinstance(value, list) else dict(value.get("fields", value)).values() \
        if isinstance(value, dict) else []
    return set().union(*(dtypes(child) for child in children if isinstance(child, dict)))


def tensors(value, path=()):
    """The tensors of a tree by their paths."""
    if isinstance(value, torch.Tensor):
        return {path: value}
    children = value.items() if isinstance(value, dict) else \
        enumerate(value) if isinstance(value, (list, tuple)) else []
    return {place: tensor for key, child in children
            for place, tensor in tensors(child, path + (str(key),)).items()}


def place(tensor):
    """The memory of a tensor, and what is marked to be done with it; None where nothing could share it."""
    if not tensor.numel() or not tensor.is_contiguous():
        return None
    return tensor.data_ptr(), tensor.numel() * tensor.element_size(), tensor.is_conj(), tensor.is_neg()


def ties(source, found):
    """The tensors that share their memory in a file of PyTorch, but not in the result."""
    try:
        before = tensors(torch.load(source, weights_only=True))
    except Exception:  # whatever torch finds in the source
        return []
    after = tensors(found)
    owners = {}
    problems = []
    for path, tensor in before.items():
        first = owners.setdefault(place(tensor), path)
        if place(tensor) and first != path and path in after and first in after and \
                place(after[path])[0] != place(after[first])[0]:
            problems.append("%s: not tied to %s" % (path, first))
    return problems


def weights(path):
    """What torch.load gives without pickle's classes; old versions know no numbers among weights, and take them with."""
    try:
        return torch.load(path, weights_only=True)
    except pickle.UnpicklingError:
        if VERSION >= (2, 6):
            raise
        return torch.load(path)


def check(tool, case):
    def read(target, node, is_model_only):
        if LACKING & dtypes(node):
            return None
        pickle_reads.allow_nearest(node)
        found = weights(target)
        item = {"tree": node, "isModelOnly": is_model_only}
        problems = truth.compare(node, truth.without_extras(item, plain(found)))
        for options in [dict(weights_only=False), dict(weights_only=True, mmap=True)][:1 if VERSION < (2, 6) else 2]:
            again = torch.load(target, **options)
            problems += truth.compare(node, truth.without_extras(item, plain(again)))
        source = os.path.join(case, truth.items(case)[0]["path"])
        return problems + (ties(source, found) if os.path.isfile(source) else [])

    return truth.converted(tool, case, "m.pt", read, [])


if __name__ == "__main__":
    truth.main("torch %s" % torch.__version__, check, sys.argv)
