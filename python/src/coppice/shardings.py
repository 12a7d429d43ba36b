"""Shardings and meshes, which are advisory, and placements (specification 5.1 and 5.3)."""

from __future__ import annotations

from .documents import Document
from .errors import need
from .forms import LeafForm
from .jsontext import Json
from .members import integer, integers, member_names, typed

SHARDING, PLACEMENT = "sharding.bad-sharding", "sharding.bad-placement"


def read_shardings(document: Document, forms: list[LeafForm], at: str) -> list[Json]:
    """Returns the shardings of a tree document, each with its mesh in the place of the mesh's number."""
    used = [form for form in forms if form.sharding is not None]
    shardings: list[Json] = typed(document.value.get("shardings", []), list, at + "/shardings")
    need(bool(used) == ("shardings" in document.value), SHARDING, at, "used and listed differ")
    meshes, has_mesh = read_meshes(document, at), set()
    for i, sharding in enumerate(shardings):
        here = f"{at}/shardings/{i}"
        known = sorted(set(typed(sharding, dict, here)) & {"device", "mesh", "partition"})
        need(known in (["device"], ["mesh", "partition"]), SHARDING, here)  # SHD-3
        member_names(sharding, known, [], here, document)
        if known == ["device"]:
            typed(sharding["device"], str, here)
            continue
        need(integer(sharding["mesh"], here) < len(meshes), SHARDING, here)  # SHD-3
        has_mesh.add(sharding["mesh"])
        names = [axis[0] for axis in meshes[sharding["mesh"]]["axes"]]
        parts = [typed(part, list, here) for part in typed(sharding["partition"], list, here)]
        axes = [typed(name, str, here) for part in parts for name in part]
        need(len(set(axes)) == len(axes) and set(axes) <= set(names), SHARDING, here)  # SHD-5
    need(len(has_mesh) == len(meshes), SHARDING, at, "a mesh of no sharding")  # SHD-16
    for form in used:
        need(form.sharding is not None and form.sharding < len(shardings), SHARDING, form.at)  # SHD-2
        need(len(shardings[form.sharding or 0].get("partition", [])) <= len(form.shape), SHARDING, form.at)
    return [dict(one, mesh=meshes[one["mesh"]]) if "mesh" in one else one for one in shardings]


def read_meshes(document: Document, at: str) -> list[Json]:
    """Returns the meshes of a tree document (SHD-4, SHD-16)."""
    meshes: list[Json] = typed(document.value.get("meshes", []), list, at + "/meshes")
    need(meshes or "meshes" not in document.value, SHARDING, at + "/meshes", "empty")  # MET-14
    for i, mesh in enumerate(meshes):
        here = f"{at}/meshes/{i}"
        member_names(mesh, ["axes"], ["devices"], here, document)
        names, product = [], 1
        for axis in typed(mesh["axes"], list, here):
            need(len(typed(axis, list, here)) == 2, "json.type", here)
            names.append(typed(axis[0], str, here))
            size = integer(axis[1], here)
            need(size > 0, SHARDING, here)
            product *= size
        need(len(set(names)) == len(names), SHARDING, here)
        if "devices" in mesh:
            devices = integers(mesh["devices"], here)
            need(devices and len(set(devices)) == len(devices) == product, SHARDING, here)
    return meshes


def read_placements(document: Document, forms: list[LeafForm], files: int, at: str, structure: bool) -> None:
    """Gives each form the data files of its boxes (SHD-17 to SHD-19)."""
    here = at + "/placements"
    listed = typed(document.value.get("placements", []), list, here)
    placements = [integers(item, f"{here}/{i}") for i, item in enumerate(listed)]
    if not structure:
        return
    named, used = set[int](), set[int]()
    need(placements or "placements" not in document.value, PLACEMENT, here, "empty")  # MET-14
    for i, numbers in enumerate(placements):
        need(any(numbers) and max(numbers) < files, PLACEMENT, f"{here}/{i}")
        named.update(numbers)
    need(set(range(1, files)) <= named, PLACEMENT, here, "a file that no placement names")
    for form in forms:
        if form.placement is not None:
            need(form.placement < len(placements), PLACEMENT, form.at)
            form.at_files = placements[form.placement]
            need(len(form.at_files) == form.count, PLACEMENT, form.at)
            used.add(form.placement)
    need(len(used) == len(placements), PLACEMENT, here, "a placement of no leaf")
