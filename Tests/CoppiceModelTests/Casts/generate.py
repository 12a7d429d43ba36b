"""Writes Vectors/: what casts must give.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 ml_dtypes==0.6.0
    venv/bin/python generate.py

Lossy results are those of NumPy and ml_dtypes on x86-64. Exact and rounding results are computed
here from the lists of all values that a type has, with fractions. The files:

    inputs.txt    for each type a few telling elements, as hexadecimal bits
    lossy.txt     for each pair of types what becomes of them
    strict.txt    the same in exact and rounding mode; `i` inexact, `r` out of range
    digests.txt   for each pair and mode a digest of the results: lossy for all elements of a type
                  of at most 16 bits and for 16,384 of a wider one, strict for some of them
    floats.txt    the bits of 64-bit numbers with Python's repr
    texts.txt     for each type elements with their text
"""

import bisect
import os
import struct
import warnings
from fractions import Fraction

import ml_dtypes
import numpy as np

warnings.simplefilter("ignore")
DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Vectors")
U64 = np.uint64

NAMES = """bool int2 int4 int8 int16 int32 int64 uint2 uint4 uint8 uint16 uint32 uint64
float4_e2m1fn float8_e3m4 float8_e4m3 float8_e4m3b11fnuz float8_e4m3fn float8_e4m3fnuz float8_e5m2
float8_e5m2fnuz float8_e8m0fnu float16 bfloat16 float32 float64 complex64 complex128""".split()
DTYPES = {n: np.dtype(getattr(ml_dtypes, n)) if hasattr(ml_dtypes, n) else np.dtype(n) for n in NAMES}
BITS = {"bool": 1, "int2": 2, "uint2": 2, "int4": 4, "uint4": 4, "float4_e2m1fn": 4}
WIDE = 16384  # elements of a type wider than 16 bits


def kind(name):
    if name == "bool":
        return "bool"
    return "complex" if name.startswith("complex") else "float" if "float" in name else "int"


def width(name):
    return DTYPES[name].itemsize


def word(name):
    """The unsigned integer that an element, or half a complex one, is stored in."""
    size = width(name) // (2 if kind(name) == "complex" else 1)
    return np.dtype(f"uint{size * 8}")


def from_words(words, name):
    return words.astype(word(name)).view(DTYPES[name])


def to_words(array):
    return array.view(word(array.dtype.name)).astype(U64)


# Inputs


def mix(x):
    """SplitMix64."""
    z = x + U64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> U64(30))) * U64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U64(27))) * U64(0x94D049BB133111EB)
    return z ^ (z >> U64(31))


def mixed_words(count, bits, is_float):
    """Words full of ends of ranges, ties and near ties."""
    r = mix(np.arange(count, dtype=U64))
    s = mix(r)
    k = s & U64(bits - 1)
    one = U64(1)
    small = ((s >> U64(9)) & U64(3)) - one
    choices = [
        r, r << k, (r << k) + one, (r << k) - one,
        (r & U64(2**bits - 1)) >> k, U64(0) - ((r & U64(2**bits - 1)) >> k), (one << k) + small, small - (one << k),
    ]  # fmt: skip
    x = np.choose(((s >> U64(6)) & U64(7)).astype(int), choices) & U64(2**bits - 1)
    if is_float:
        # Half of the exponents near that of 1, where the narrow types are.
        fraction_bits, exponent_mask, bias = (23, 0xFF, 127) if bits == 32 else (52, 0x7FF, 1023)
        near = (s >> U64(12)) & U64(3)
        reach = np.choose(near.astype(int), [U64(0), U64(0), U64(30), U64(min(160, bias - 1))])
        exponent = U64(bias) - reach + (s >> U64(16)) % np.maximum(reach * U64(2), one)
        shift = U64(fraction_bits)
        moved = (x & ~(U64(exponent_mask) << shift)) | (exponent << shift)
        x = np.where(reach == 0, x, moved)
    return x


def elements(name):
    """All elements of a narrow type, or many of a wide one."""
    if width(name) <= 2:
        return from_words(np.arange(2 ** BITS.get(name, width(name) * 8)), name)
    words = mixed_words(
        WIDE * (2 if kind(name) == "complex" else 1),
        word(name).itemsize * 8,
        kind(name) in ("float", "complex"),
    )
    return from_words(words, name)


FLOATS = [
    0.0, -0.0, 5e-324, 2.0**-1074 * 3, 2.0**-150, -(2.0**-149), 2.0**-133, 1.5 * 2.0**-127, 2.0**-126, 1e-30,
    2.0**-25, 2.0**-24, 1.5 * 2.0**-24, -(2.0**-14), 2.0**-10, 0.1, 0.25, -0.5, 0.75, 1.0, -1.0, 1 + 2.0**-8,
    1 + 3 * 2.0**-8, 1 + 2.0**-8 + 2.0**-40, 1 + 2.0**-11, 1 + 2.0**-24, 1 + 2.0**-24 + 2.0**-50, 1.0625, 1.5, -2.5,
    3.0, 5.0, 7.0, 7.5, 8.0, 15.0, -16.0, 31.0, 31.25, 127.0, 128.0, -129.0, 240.0, 247.9, 248.0, 255.5, 256.0, 448.0, 463.9,
    464.0, 480.0, 57344.0, 61440.0, 65504.0, 65519.0, 65520.0, 65536.0, -65537.0, 2.0**24 + 2, 2147483647.0, 2.0**31,
    -(2.0**31) - 300, 2.0**32, 1e10, -1e10, 2.0**63, -(2.0**63), 1.5 * 2.0**63, 2.0**64, 1e20, -1e20, 2.0**127, 1.5 * 2.0**127,
    3.3961775292304957e38, 3.4028234663852886e38, 3.4028235677973362e38, 3.4028235677973366e38, 1e300,
    1.7976931348623157e308, float("inf"), float("-inf"), float("nan"),
]  # fmt: skip
INTEGERS = [
    0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 17, 31, 127, 128, 240, 255, 256, 257, 448, 2047, 2048, 2049, 32767, 32768, 65504, 65520,
    65535, 2**24 - 1, 2**24, 2**24 + 1, 2**31 - 1, 2**31, 2**31 + 2**7, 2**32 - 1, 2**53, 2**53 + 1, 2**60 + 2**36, 2**60 + 2**36 + 1,
    2**63 - 1, 2**63, 2**64 - 1,
]  # fmt: skip
NANS = {
    "float16": [0x7C01, 0xFD55, 0xFE00], "bfloat16": [0x7F81, 0xFFA5, 0xFFC0],
    "float32": [0x7F800001, 0x7FA02000, 0xFF955555, 0xFFC00000],
    "float64": [0x7FF0000000000001, 0x7FF4000020000000, 0xFFF2AAAAAAAAAAAA, 0xFFF8000000000000],
}  # fmt: skip


def telling(name):
    """A few elements for which something can go wrong."""
    if width(name) == 1 and kind(name) != "float" or name in BITS:
        words = np.arange(2 ** BITS.get(name, 8))
        return from_words(words if len(words) <= 16 else words[[0, 1, 2, 5, 15, 16, 100, 127, 128, 129, 200, 240, 255]], name)
    if kind(name) == "int":
        values = [v % 2 ** (width(name) * 8) for x in INTEGERS for v in (x, -x)]
        return from_words(np.array(sorted(set(values)), dtype=U64), name)
    if kind(name) == "complex":
        part = name.replace("complex128", "float64").replace("complex64", "float32")
        reals = to_words(telling(part))
        imaginary = np.zeros_like(reals)
        imaginary[1::4] = reals[::-1][1::4]
        imaginary[2::16] = np.array(-0.0, DTYPES[part]).reshape(1).view(word(part)).astype(U64)[0]
        return from_words(np.stack([reals, imaginary], axis=1).ravel(), name)
    words = to_words(np.array(FLOATS).astype(DTYPES[name])).tolist() + NANS.get(name, [])
    return from_words(np.array(list(dict.fromkeys(words)), dtype=U64), name)


# Lossy


def astype(array, target):
    """NumPy's cast; where it has none, by way of float32, or for integers of int8 or uint8."""
    try:
        return array.astype(DTYPES[target])
    except TypeError:
        middle = array.dtype.name[: -1] + "8" if {kind(array.dtype.name), kind(target)} == {"int"} else "float32"
        return astype(astype(array, middle), target)


def lossy(array, target):
    """NumPy's cast, by its scalar loop: its vector loops differ for uint32 out of range."""
    vectors = astype(array, target)
    if target == "uint32" and kind(array.dtype.name) in ("float", "complex"):
        result = np.concatenate([astype(array[i : i + 1], target) for i in range(len(array))])
        if (result != vectors).any():
            PLACE_DEPENDENT.append((array.dtype.name, target))
        return result
    spread = astype(np.repeat(array, 2)[::2], target)
    assert vectors.tobytes() == spread.tobytes(), (array.dtype, target)
    for i in range(0, len(array), 7):
        assert astype(array[i : i + 1], target).tobytes() == vectors[i : i + 1].tobytes()
    return vectors


PLACE_DEPENDENT = []

# Exact and rounding

INEXACT, OUT_OF_RANGE = "i", "r"
INFINITY = float("inf")


def exact_value(array, name):
    """Elements as exact numbers: integers, or floats, which widen exactly; complex ones as pairs."""
    if kind(name) in ("bool", "int"):
        return [int(x) for x in array]
    if kind(name) == "complex":
        return [(float(x.real), float(x.imag)) for x in array]
    return array.astype(np.float64).tolist()


class Target:
    """The finite values of a type, as multiples of the least one, in ascending order."""

    def __init__(self, name):
        self.name = name
        self.bits = BITS.get(name, width(name) * 8)
        if kind(name) == "int":
            signed = not name.startswith("u")
            self.low = -(2 ** (self.bits - 1)) if signed else 0
            self.high = 2 ** (self.bits - 1) - 1 if signed else 2**self.bits - 1
        if kind(name) == "float" and self.bits <= 16:
            codes = np.arange(2**self.bits)
            values = from_words(codes, name).astype(np.float64)
            self.has_infinity = bool(np.isinf(values).any())
            self.has_nan = bool(np.isnan(values).any())
            self.code = {repr(float(v)): int(c) for c, v in zip(codes, values)}
            keep = np.isfinite(values) & ~((values == 0) & np.signbit(values))
            pairs = sorted((Fraction(float(v)), int(c)) for c, v in zip(codes[keep], values[keep]))
            self.values = [v for v, _ in pairs]
            self.codes = [c for _, c in pairs]

    def nearest(self, x):
        """The code nearest to a finite float, with whether it is exact; None beyond the range."""
        if self.bits >= 32:
            with np.errstate(over="ignore"):
                y = np.float64(x).astype(DTYPES[self.name])
            return None if np.isinf(y) else (int(y.view(f"u{self.bits // 8}")), float(y) == x)
        if repr(x) in self.code:
            return self.code[repr(x)], True
        exact = Fraction(x)
        if self.name == "float8_e8m0fnu":
            if exact <= 0:
                return None
            i = bisect.bisect(self.values, exact)
            if i == 0:
                return self.codes[0], False
            if i == len(self.values):
                return (self.codes[-1], False) if exact < self.values[-1] * Fraction(3, 2) else None
            up = exact - self.values[i - 1] >= self.values[i] - exact
            return self.codes[i if up else i - 1], False
        if exact == 0:  # a minus zero that the type lacks
            return self.code["0.0"], False
        magnitude, negative = abs(exact), exact < 0
        positive = self.values[self.values.index(0) :]
        i = bisect.bisect(positive, magnitude)
        above = positive[i] if i < len(positive) else 2 * positive[-1] - positive[-2]
        below, code = positive[i - 1], self.code[repr(float(positive[i - 1]))]
        up = magnitude - below > above - magnitude or (
            magnitude - below == above - magnitude and code % 2 == 1
        )
        if up and i == len(positive):
            return None
        rounded = float(above if up else below)
        return self.code.get(repr(-rounded if negative else rounded), self.code.get("0.0")), False


def strict(array, target, mode):
    """The results in exact or rounding mode: bits, `i` or `r`; None where there is no such cast."""
    source = array.dtype.name
    order = ["bool", "int", "float", "complex"]
    if mode == "rounding" and source != target:
        climbs = order.index(kind(source)) <= order.index(kind(target))
        if not climbs or (kind(target) == "bool" and kind(source) != "bool"):
            return None
    result = lossy(array, target)
    words = to_words(result).tolist()
    if kind(target) == "complex":
        words = list(zip(words[::2], words[1::2]))
    values = exact_value(array, source)
    parts = TARGETS[target.replace("complex128", "float64").replace("complex64", "float32")]
    return [one(v, w, parts, target, mode, source) for v, w in zip(values, words)]


def one(value, lossy_word, target, name, mode, source):
    if kind(name) == "complex":
        pair = value if isinstance(value, tuple) else (value, None)
        real = real_number(pair[0], lossy_word[0], target, mode)
        if pair[1] is None:
            imaginary = 0
        else:
            imaginary = real_number(pair[1], lossy_word[1], target, mode)
        if isinstance(real, str):
            return real
        return imaginary if isinstance(imaginary, str) else (real, imaginary)
    if isinstance(value, tuple):
        if repr(value[1]) != "0.0":
            return INEXACT
        value = value[0]
    if kind(name) == "float":
        return real_number(value, lossy_word, target, mode)
    low, high = (0, 1) if name == "bool" else (target.low, target.high)
    if isinstance(value, float):
        if value != value or abs(value) == INFINITY or repr(value) == "-0.0" or value != int(value):
            return INEXACT
        value = int(value)
    if not low <= value <= high:
        return INEXACT if mode == "exact" else OUT_OF_RANGE
    return value % 2**target.bits


def real_number(value, lossy_word, target, mode):
    if isinstance(value, int):
        if target.bits >= 32:
            near = np.float64(value).astype(DTYPES[target.name])
            same = np.isfinite(near) and int(near) == value
            return int(near.view(f"u{target.bits // 8}")) if same else INEXACT
        exact = float(value) == value and int(float(value)) == value
        found = target.code.get(repr(float(value))) if exact else None
        return INEXACT if found is None else found
    failure = INEXACT if mode == "exact" else OUT_OF_RANGE
    if value != value:
        return lossy_word if target.bits >= 32 or target.has_nan else failure
    if abs(value) == INFINITY:
        return lossy_word if target.bits >= 32 or target.has_infinity else failure
    near = target.nearest(value)
    if near is None:
        return failure
    code, is_exact = near
    return code if is_exact or mode == "rounding" else INEXACT


# Output


def hexadecimal(name, words):
    digits = width(name) * 2 // (2 if kind(name) == "complex" else 1)
    words = [int(w) for w in words]
    if kind(name) == "complex":
        return [f"{a:0{digits}x}{b:0{digits}x}" for a, b in zip(words[::2], words[1::2])]
    return [f"{w:0{digits}x}" for w in words]


def digest(words):
    weights = mix(np.arange(len(words), dtype=U64) ^ U64(0xD1B54A32D192ED03)) | U64(1)
    return f"{int((np.array(words, dtype=U64) * weights).sum(dtype=U64)):016x}"


def outcome_words(results):
    words = []
    for result in results:
        if result == INEXACT:
            words.append(0xDEADBEEF00000001)
        elif result == OUT_OF_RANGE:
            words.append(0xDEADBEEF00000002)
        else:
            words.extend(result if isinstance(result, tuple) else [result])
    return words


def outcome_text(name, result):
    if isinstance(result, str):
        return result
    return hexadecimal(name, result if isinstance(result, tuple) else [result])[0]


def write(name, lines):
    versions = f"# NumPy {np.__version__}, ml_dtypes {ml_dtypes.__version__}; written by generate.py"
    with open(os.path.join(DIRECTORY, name), "w") as file:
        file.write("\n".join([versions, *lines]) + "\n")


TARGETS = {n: Target(n) for n in NAMES if kind(n) != "complex"}


def casts():
    inputs, plain, checked, digests = [], [], [], []
    for source in NAMES:
        few, many = telling(source), elements(source)
        inputs.append(" ".join([source, *hexadecimal(source, to_words(few))]))
        for target in NAMES:
            pair = f"{source} {target}"
            plain.append(" ".join([pair, *hexadecimal(target, to_words(lossy(few, target)))]))
            digests.append(f"{pair} lossy {digest(to_words(lossy(many, target)))}")
            sample = many if width(source) == 1 else many[:: 128 if width(source) == 2 else 32]
            for mode in ("exact", "rounding"):
                results = strict(few, target, mode)
                if results is None:
                    checked.append(f"{pair} {mode} unsupported")
                    continue
                checked.append(" ".join([pair, mode, *(outcome_text(target, r) for r in results)]))
                digests.append(f"{pair} {mode} {digest(outcome_words(strict(sample, target, mode)))}")
        print(source, flush=True)
    write("inputs.txt", inputs)
    write("lossy.txt", plain)
    write("strict.txt", checked)
    write("digests.txt", digests)
    print("NumPy's results depend on the place:", sorted(set(PLACE_DEPENDENT)))


def python_floats():
    special = [10.0**e * s for e in range(-30, 31) for s in (1, -1, 1.5, 123.456)]
    special += [2.0**e for e in range(-1074, 1024, 31)] + [2.0**53 + i for i in range(-2, 3)]
    special += FLOATS + [5e-324, 1e23, 9007199254740993.0, 0.1 + 0.2, 1 / 3, 123456789012345680.0, 9999999999999998.0]
    words = [struct.unpack("<Q", struct.pack("<d", x))[0] for x in special]
    words += [int(x) for x in mix(np.arange(700, dtype=U64))]
    words += [int(x) for x in mixed_words(700, 64, True)]
    pairs = [(w, struct.unpack("<d", struct.pack("<Q", w))[0]) for w in dict.fromkeys(words)]
    write("floats.txt", [f"{w:016x} {x!r}" for w, x in pairs if x == x])


def text(value, name):
    if name == "bool":
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"{value[0]!r},{value[1]!r}"
    return repr(value)


def texts():
    lines = []
    for name in NAMES:
        array = elements(name) if width(name) == 1 and "float" in name else telling(name)
        found = [text(v, name) for v in exact_value(array, name)]
        lines += [f"{name} {b} {t}" for b, t in zip(hexadecimal(name, to_words(array)), found)]
    write("texts.txt", lines)


if __name__ == "__main__":
    os.makedirs(DIRECTORY, exist_ok=True)
    casts()
    python_floats()
    texts()
