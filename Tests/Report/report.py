#!/usr/bin/env python3
"""Pages of `coppice report`, in a real browser.

    report.py PATH-TO-COPPICE FIXTURES [--keep DIRECTORY]

Each page must draw itself without a complaint of the browser and without the network. Folding, keys, search, links,
switches and charts must work; hostile names must stay text; 20,000 leaves must fit and show at once. `--keep` keeps
pictures of the pages. Without a browser the test says so and does nothing.
"""
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import browser

COPPICE, FIXTURES = sys.argv[1], Path(sys.argv[2])
KEEP = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
checks = 0

TEXT = "[...document.querySelectorAll('.row .text')].map((text) => text.textContent)"


def check(is_true, what):
    global checks
    checks += 1
    if not is_true:
        sys.exit(f"report: {what}")


def coppice(*arguments, status=0):
    result = subprocess.run([COPPICE, *map(str, arguments)], capture_output=True, text=True)
    check(result.returncode == status, f"coppice {arguments} ends with {result.returncode}: {result.stderr}")
    return result


def safetensors(path, arrays):
    """Writes float32 arrays of zeros; a name may be any text."""
    header, offset = {}, 0
    for name, shape in arrays.items():
        size = 4
        for extent in shape:
            size *= extent
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(offset))


def trees(page, file):
    """A real checkpoint: rows, keys, search, links, switches."""
    page.open(file)
    rows = page.run(TEXT)
    check({"params", "opt_state", "Dense_0", "kernel"} <= set(rows), f"rows: {rows}")
    check("float32" in page.run("document.getElementById('overview').textContent"), "the overview names the dtype")
    # Folding, by click and by key.
    open_row = "[...document.querySelectorAll('.row')].find((row) => row.querySelector('.text').textContent === 'params')"
    count = len(rows)
    page.run(f"{open_row}.click()")
    check(len(page.run(TEXT)) < count, "a click folds a branch")
    page.press("ArrowRight")
    check(len(page.run(TEXT)) == count, "a key opens it")
    page.press("ArrowDown")
    check(page.run("document.activeElement.querySelector('.text').textContent") == "params", "a key moves down")
    page.press("End")
    page.press("Home")
    check(page.run("document.activeElement.querySelector('.text').textContent") == rows[0], "keys go to both ends")
    # Search.
    page.press("/")
    check(page.run("document.activeElement.type") == "search", "the key / goes to the search")
    page.call("Input.insertText", text="dense_1 KERNEL")
    found = page.run(TEXT)
    check(found and all("Dense_1" in row and "kernel" in row for row in found), f"found: {found}")
    page.run("document.querySelector('.row').click()")
    check(page.run("location.hash").startswith("#/state/"), "a selected array has a link")
    link = page.run("location.hash")
    # The treemap's switch and its zoom.
    switch = "[...document.querySelectorAll('#bytes button')].find((button) => button.textContent === 'by dtype')"
    page.run(f"{switch}.click()")
    check(page.run(f"{switch}.getAttribute('aria-pressed')") == "true", "the treemap is coloured by dtype")
    check("int32" in page.run("document.getElementById('bytes').textContent"), "the treemap has a legend")
    before = page.run("document.querySelector('.treemap').getAttribute('aria-label')")
    page.run("document.querySelector('.treemap .group').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    check(page.run("document.querySelector('.treemap').getAttribute('aria-label')") != before, "a click zooms")
    check(page.complaints == [], page.complaints)
    # A link opens the branches above its array.
    page.open(file, fragment=link)
    check(page.run("document.querySelector('[aria-selected=true] .text').textContent") == "kernel", "a link selects")
    check("[2, 2]" in page.run("document.querySelector('.detail').textContent"), "details have the shape")
    check(page.complaints == [], page.complaints)


def wide(page, file):
    """No page is wider than its window, in both schemes."""
    for width in (390, 1440):
        for dark in (False, True):
            page.open(file, width=width, dark=dark)
            check(page.run("document.documentElement.scrollWidth") <= width, f"{file} is wider than {width}")
            check(page.complaints == [], page.complaints)


def findings(page, directory):
    """Statistics, histograms, heat maps, shards and what is odd."""
    array = np.arange(64, dtype=np.float32).reshape(8, 8)
    array[3, 4] = np.nan
    np.savez(directory / "odd.npz", w=array, zeros=np.zeros(5, np.float32))
    coppice("convert", directory / "odd.npz", directory / "odd", "--shard", "w=4x2")
    file = directory / "odd.html"
    coppice("report", directory / "odd", "-o", file, "--stats")
    page.open(file, fragment="#/state/w")
    odd = page.run("document.getElementById('statistics').textContent")
    check("1 NaN" in odd and "all zeros" in odd, odd)
    detail = page.run("document.querySelector('.detail').textContent")
    # The mean and the deviation are NumPy's.
    for value in (np.nanmean(array), np.nanstd(array.astype(np.float64))):
        check(f"{value:.6g}" in detail, f"{value}: {detail}")
    check("8 shards: 4 × 2" in detail, detail)
    check(page.run("document.querySelectorAll('.detail [aria-label=\"Heat map\"] rect').length") == 64, "a heat map")
    check(page.run("document.querySelectorAll('.detail [aria-label^=Histogram] rect').length") == 32, "32 bins")
    check(page.complaints == [], page.complaints)


def hostile(page, directory):
    """Names that would be markup or script stay text."""
    names = ["</script><script>window.evil = 1</script>", "<img src=x onerror=window.evil=1>", "{{script}}",
             "javascript:window.evil=1", "\u202eevil\u2028", "a'\"><b>", "__proto__", "constructor"]
    source = directory / "hostile.safetensors"
    safetensors(source, {name: [2, 2] for name in names})
    renamed = directory / "<img src=x onerror=window.evil=1>.safetensors"
    source.rename(renamed)
    file = directory / "hostile.html"
    coppice("report", renamed, "-o", file)
    page.open(file)
    shown = page.run(TEXT)
    check(len(shown) == len(names) and names[1] in shown and names[2] in shown, f"shown: {shown}")
    for index in range(len(names)):
        page.run(f"document.querySelectorAll('.row')[{index}].click()")
    check(page.run("window.evil") is None, "a name became a script")
    check(page.run("document.images.length") == 0, "a name became an image")
    check(page.run("document.title") == renamed.name, "the title is text")
    check(page.complaints == [], page.complaints)
    # The policy holds even if markup got in.
    page.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.evil=1\">')")
    page.run("new Promise((done) => setTimeout(done, 200))")
    check(page.run("window.evil") is None and page.complaints, "the policy stops an inline handler")


def large(page, directory):
    """20,000 leaves fit, and show at once."""
    source = directory / "large.safetensors"
    safetensors(source, {f"model.layers.{i}.{kind}.weight": [1 + i % 3, 2] for i in range(5000)
                         for kind in ("q", "k", "v", "o")})
    file = directory / "large.html"
    coppice("report", source, "-o", file, "--stats")
    check(file.stat().st_size < 5_000_000, f"20,000 leaves take {file.stat().st_size} bytes")
    page.open(file)
    paint = page.first_paint()
    check(paint < 1000, f"20,000 leaves show after {paint} ms")
    page.open(file, fragment="#/model.layers.4321.v.weight")
    check(page.run("document.querySelector('.detail h3').textContent") == "model.layers.4321.v.weight", "a deep link")
    check(page.complaints == [], page.complaints)
    print(f"report: 20,000 leaves: {file.stat().st_size} bytes, first paint after {paint:.0f} ms")


def portrait(page, directory):
    """The picture of the README: a transformer as PyTorch's users save it."""
    random, tensors = np.random.default_rng(0), {}
    shapes = {"attn.q": (256, 256), "attn.k": (256, 64), "attn.v": (256, 64), "attn.o": (256, 256), "mlp.up": (256, 1024),
              "mlp.down": (1024, 256)}
    for layer in range(12):
        for name, (rows, columns) in shapes.items():
            weights = random.standard_normal((rows, columns)) * np.linspace(0.2, 1, columns) / 16
            tensors[f"model.layers.{layer}.{name}.weight"] = weights.astype(np.float32)
        tensors[f"model.layers.{layer}.norm.weight"] = np.ones(256, np.float32)
    for name in ("model.embed.weight", "lm_head.weight"):
        tensors[name] = random.standard_normal((4096, 256)).astype(np.float16)
    save_file(tensors, directory / "model.safetensors")
    coppice("report", directory / "model.safetensors", "-o", directory / "model.html", "--stats")
    page.open(directory / "model.html", width=1200, fragment="#/model.layers.3.attn.q.weight")
    page.run("new Promise((done) => setTimeout(done, 300))")
    page.picture(KEEP / "model.png")


def main():
    if browser.program() is None:
        print("report: no Chromium here; the pages were not looked at")
        return
    orbax = FIXTURES / "orbax-0.12"
    pages = {
        "orbax": [orbax / "v1-trainstate/input/ckpt"],
        "torch": [FIXTURES / "pytorch/trainer/input/last.ckpt"],
        "run": [orbax / "v1-training/input/run"],
        "sharded": [orbax / "v1-mp4/input/ckpt"],
    }
    with tempfile.TemporaryDirectory() as name, browser.Browser() as page:
        directory = Path(name)
        coppice("convert", pages["orbax"][0], directory / "coppice")
        pages["coppice"] = [directory / "coppice"]
        coppice("convert", pages["orbax"][0], directory / "cast", "--cast", "**/Dense_0/**=bfloat16")
        pages["comparison"] = [directory / "coppice", directory / "cast"]
        for name, arguments in pages.items():
            file = directory / f"{name}.html"
            coppice("report", *arguments, "-o", file, *(["--stats"] if len(arguments) == 1 and name != "run" else []))
            wide(page, file)
            for width in (390, 1440) if KEEP else ():
                page.open(file, width=width)
                page.picture(KEEP / f"{name}-{width}.png")
        trees(page, directory / "orbax.html")
        findings(page, directory)
        page.open(directory / "comparison.html")
        check("bfloat16" in page.run("document.getElementById('comparison').textContent"), "differences are listed")
        page.open(directory / "run.html")
        check(page.run("document.querySelectorAll('#steps tbody tr').length") > 1, "a run lists its steps")
        check(page.run("document.querySelectorAll('#charts svg').length") > 0, "a run has charts")
        coppice("report", FIXTURES / "hdf5/unsupported/input/m.h5", "-o", directory / "unsupported.html")
        text = (directory / "unsupported.html").read_text()
        check("give --raw" in text and "readsRawElements" not in text, "faults name the options of the tool")
        if KEEP:
            portrait(page, directory)
        hostile(page, directory)
        large(page, directory)
        # A page is never replaced unasked, and no damaged checkpoint passes for whole.
        coppice("report", pages["orbax"][0], "-o", directory / "orbax.html", status=2)
    print(f"report: {checks} checks passed")


main()
