"""The scripts that one would write to leave other frameworks, and the checkpoints to convert.

format_script.py make dcp|bin|model.gguf|orbax MIB RESULT
format_script.py dcp-safetensors|bin-safetensors|gguf-safetensors|orbax-pytorch|orbax-safetensors SOURCE RESULT
"""
import glob
import json
import os
import sys

os.environ.setdefault("JAX_PLATFORMS", "cpu")
RANKS = 4


def arrays(mib, dtype):
    """Layers of a large matrix and two vectors, of random numbers: pairs of name and array."""
    import numpy as np
    random = np.random.default_rng(7)
    width = np.dtype(dtype).itemsize
    rows = (32 << 20) // (4096 * width)
    for layer in range(max(mib // 32, 1)):
        values = random.standard_normal((rows, 4096), dtype=np.float32) * np.float32(0.02)
        yield "layers.%d.weight" % layer, values.astype(dtype)
        for name in ("bias", "norm"):
            yield "layers.%d.%s" % (layer, name), random.standard_normal(4096, dtype=np.float32).astype(dtype)


def tensors(mib):
    import numpy as np
    import torch
    for name, array in arrays(mib, np.float16):
        yield name, torch.from_numpy(array).to(torch.bfloat16)


def make_dcp(mib, result):
    """By several ranks, each with a share of the rows of every tensor, as FSDP saves them."""
    import torch.multiprocessing
    torch.multiprocessing.spawn(save_share, (mib, result), RANKS)


def save_share(rank, mib, result):
    import torch.distributed
    import torch.distributed.checkpoint
    from torch.distributed.tensor import DTensor, Shard
    os.environ.update(MASTER_ADDR="localhost", MASTER_PORT="29561", RANK=str(rank), WORLD_SIZE=str(RANKS))
    torch.distributed.init_process_group("gloo")
    mesh = torch.distributed.device_mesh.init_device_mesh("cpu", (RANKS,))
    state = {}
    for name, tensor in tensors(mib):
        state[name] = DTensor.from_local(tensor.chunk(RANKS)[rank].clone(), mesh, [Shard(0)])
    torch.distributed.checkpoint.save(state, checkpoint_id=result)
    torch.distributed.destroy_process_group()


def make_bin(mib, result):
    """A set of four files, as transformers writes them."""
    import torch
    os.makedirs(result)
    all_tensors = list(tensors(mib))
    share = (len(all_tensors) + 3) // 4
    places = {}
    for number in range(4):
        name = "pytorch_model-%05d-of-00004.bin" % (number + 1)
        part = dict(all_tensors[number * share:(number + 1) * share])
        torch.save(part, result + "/" + name)
        places.update(dict.fromkeys(part, name))
    total = sum(tensor.nbytes for _, tensor in all_tensors)
    with open(result + "/pytorch_model.bin.index.json", "w") as file:
        json.dump({"metadata": {"total_size": total}, "weight_map": places}, file)


def make_gguf(mib, result):
    import gguf
    import numpy as np
    writer = gguf.GGUFWriter(result, "llama")
    for name, array in arrays(mib, np.float16):
        writer.add_tensor(name, array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make_orbax(mib, result):
    import numpy as np
    from orbax.checkpoint import v1 as ocp
    ocp.save(os.path.abspath(result), {name: array for name, array in arrays(mib, np.float32)})


def dcp_to_safetensors(source, result):
    import safetensors.torch
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.default_planner import _EmptyStateDictLoadPlanner
    from torch.distributed.checkpoint.state_dict_loader import _load_state_dict
    state = {}
    # As torch's own dcp_to_torch_save does.
    _load_state_dict(state, storage_reader=dcp.FileSystemReader(source), planner=_EmptyStateDictLoadPlanner(),
                     no_dist=True)
    safetensors.torch.save_file(state, result)


def bin_to_safetensors(source, result):
    import safetensors.torch
    import torch
    state = {}
    for path in sorted(glob.glob(source + "/*.bin")):
        state.update(torch.load(path, map_location="cpu", weights_only=True))
    safetensors.torch.save_file(state, result)


def gguf_to_safetensors(source, result):
    import gguf
    import safetensors.numpy
    safetensors.numpy.save_file({tensor.name: tensor.data for tensor in gguf.GGUFReader(source).tensors}, result)


def orbax_to_pytorch(source, result):
    import numpy as np
    import torch
    from orbax.checkpoint import v1 as ocp
    torch.save({name: torch.from_numpy(np.array(array)) for name, array in ocp.load(source).items()}, result)


def orbax_to_safetensors(source, result):
    import numpy as np
    import safetensors.numpy
    from orbax.checkpoint import v1 as ocp
    safetensors.numpy.save_file({name: np.asarray(array) for name, array in ocp.load(source).items()}, result)


MAKERS = {"dcp": make_dcp, "bin": make_bin, "model.gguf": make_gguf, "orbax": make_orbax}
KINDS = {
    "dcp-safetensors": dcp_to_safetensors, "bin-safetensors": bin_to_safetensors,
    "gguf-safetensors": gguf_to_safetensors, "orbax-pytorch": orbax_to_pytorch,
    "orbax-safetensors": orbax_to_safetensors,
}

if __name__ == "__main__":
    if sys.argv[1] == "make":
        MAKERS[sys.argv[2]](int(sys.argv[3]), sys.argv[4])
    else:
        KINDS[sys.argv[1]](*sys.argv[2:])
