"""h5py, numpy, json and zipfile judge the readers and writers of src/formats.

Usage: build/venv/bin/python tests/oracle/test_formats.py [--dump PATH] [--files DIR_OR_FILE]...
Every generated file, and every .h5, .keras, .npz under --files, must read exactly as the oracle reads it.
"""
import argparse
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib

import h5py
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DUMP = None
passed = 0
failed = 0


def check(name, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name} {detail}")


def dump(path, *extra):
    done = subprocess.run([DUMP, path, *extra], capture_output=True, timeout=300)
    if done.returncode not in (0, 1):
        return {"crash": done.returncode, "stderr": done.stderr.decode(errors="replace")[-500:]}
    return json.loads(done.stdout.decode("utf-8", errors="surrogateescape"))


def crc(array):
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


def short(dtype):
    return dtype.newbyteorder("<").str.lstrip("<>|=")


# ---------------------------------------------------------------- HDF5: what h5py sees, in the dump's form

def text(value):
    return value.decode("utf-8", errors="surrogateescape") if isinstance(value, bytes) else str(value)


def plain(value):
    """An attribute value as JSON has it; numpy scalars and arrays to lists."""
    if isinstance(value, h5py.Empty):
        return None
    if isinstance(value, (bytes, str)):
        return text(value)
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
        return text(value) if isinstance(value, bytes) else value
    return value


def same(a, b):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, bool) != isinstance(b, bool):
        return False
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b)
    return a == b and (isinstance(a, str) == isinstance(b, str))


def fixed_text(raw, h5type):
    return raw


def attributes_of(obj):
    out = []
    for name in obj.attrs:
        attribute = h5py.h5a.open(obj.id, name.encode())
        readable = True
        try:
            value = obj.attrs[name]
            if isinstance(value, (h5py.Reference, h5py.RegionReference)) or (isinstance(value, np.ndarray) and value.dtype.kind in "Vc") \
                    or (isinstance(value, np.generic) and value.dtype.kind in "Vc"):
                readable = False
            if isinstance(value, np.ndarray) and value.dtype.kind == "O" and value.size and not isinstance(value.flat[0], (str, bytes)):
                readable = False
            value = plain(value) if readable else None
        except Exception as problem:  # noqa: BLE001
            value, readable = repr(problem), False
        out.append({"name": name, "shape": list(attribute.shape or ()), "value": value, "readable": readable})
    return out


def expected_objects(file):
    out = []

    def visit(obj, path):
        one = {"path": path, "attributes": attributes_of(obj)}
        if isinstance(obj, h5py.Dataset):
            one["kind"] = "dataset"
            one["shape"] = list(obj.shape or ())
            if obj.shape is None:
                one["empty"] = True
            elif h5py.check_string_dtype(obj.dtype) or obj.dtype.kind == "S":
                one["strings"] = [text(v) for v in np.asarray(obj[()]).reshape(-1)]
            else:
                value = np.asarray(obj[()])
                one["dtype"] = short(value.dtype) if value.dtype.kind != "V" else f"V{value.dtype.itemsize}"
                if value.dtype.kind == "V" and obj.attrs.get("dtype") == "bfloat16":
                    one["dtype"] = "bf2"
                value = value.astype(value.dtype.newbyteorder("<")) if value.dtype.kind != "V" else value
                one["crc"] = crc(value)
            out.append(one)
        elif isinstance(obj, h5py.Group):
            one["kind"] = "group"
            out.append(one)
            for name in obj:
                visit(obj[name], f"{path}/{name}" if path else name)

    visit(file["/"], "")
    return out


def compare_hdf5(name, path, got=None, file=None):
    got = got if got is not None else dump(path)
    if "objects" not in got:
        check(name, False, str(got)[:300])
        return
    with (file or h5py.File(path, "r")) as f:
        want = expected_objects(f)
    problems = []
    if [o["path"] for o in got["objects"]] != [o["path"] for o in want]:
        problems.append(f"paths {[o['path'] for o in got['objects']][:8]} != {[o['path'] for o in want][:8]}")
    for g, w in zip(got["objects"], want):
        for key in ("kind", "shape", "dtype", "strings", "empty"):
            if key in w and g.get(key) != w[key]:
                problems.append(f"{w['path']}: {key} {str(g.get(key))[:80]} != {str(w[key])[:80]}")
        if "crc" in w and g.get("data", {}).get("crc") != w["crc"]:
            problems.append(f"{w['path']}: data {g.get('data')} != {w['crc']}")
        if not isinstance(g["attributes"], list):
            problems.append(f"{w['path']}: attributes {g['attributes']}")
            continue
        if [a["name"] for a in g["attributes"]] != [a["name"] for a in w["attributes"]]:
            problems.append(f"{w['path']}: attribute names {[a['name'] for a in g['attributes']][:6]} != {[a['name'] for a in w['attributes']][:6]}")
        for ga, wa in zip(g["attributes"], w["attributes"]):
            if ga["readable"] != wa["readable"] or (wa["readable"] and (ga["shape"] != wa["shape"] or not same(ga["value"], wa["value"]))):
                problems.append(f"{w['path']}@{wa['name']}: {str(ga)[:120]} != {str(wa)[:120]}")
    check(name, not problems, "; ".join(problems[:3]))


def write_hdf5_cases(folder):
    """Many files over h5py's options; yields paths."""
    rng = np.random.default_rng(7)
    dtypes = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", ">i2", ">i4", ">f4", ">f8", ">c8", "S5", "V2", "V7"]
    shapes = [(), (1,), (7,), (3, 5), (2, 3, 4), (5, 1, 3, 2), (0,), (3, 0, 2)]

    def values(dtype, shape):
        raw = rng.integers(0, 100, size=shape)
        dt = np.dtype(dtype)
        if dt.kind == "V":
            return np.frombuffer(rng.bytes(int(np.prod(shape, dtype=int)) * dt.itemsize), dtype=dt).reshape(shape)
        if dt.kind == "S":
            return np.asarray(raw).astype(dt)
        if dt.kind in "fc":
            return (np.asarray(raw) / 7 - 3).astype(dt)
        return np.asarray(raw).astype(dt)

    for libver, track in itertools.product(["earliest", "latest", ("v108", "v108"), ("v110", "v110"), ("v112", "v112")], [False, True]):
        tag = f"{libver if isinstance(libver, str) else libver[0]}-{int(track)}"
        path = os.path.join(folder, f"dtypes-{tag}.h5")
        with h5py.File(path, "w", libver=libver, track_order=track) as f:
            for dtype, shape in itertools.product(dtypes, shapes):
                name = f"{dtype.replace('>', 'be_').replace('?', 'bool')}_{'x'.join(map(str, shape)) or 's'}"
                f.create_dataset(name, data=values(dtype, shape))
            f["vlen"] = ["one", "zwei", "", "trois-é", "x" * 300]
            f["vlen_scalar"] = "hello"
            f["empty"] = h5py.Empty("f4")
            f.create_dataset("never_written", shape=(4, 3), dtype="f4", fillvalue=2.5)
            f.create_dataset("compact_like", data=np.arange(4))
            f["soft"] = h5py.SoftLink("/i4_3x5")
            f["hard"] = f["f4_2x3x4"]
        yield path

        path = os.path.join(folder, f"chunks-{tag}.h5")
        with h5py.File(path, "w", libver=libver, track_order=track) as f:
            n = 0
            for dtype, (shape, chunk, maximum) in itertools.product(
                    ["i1", "i4", "f4", "f8", "?", ">f4"],
                    [((10,), (3,), None), ((10,), (10,), None), ((7, 9), (2, 4), None), ((7, 9), (7, 9), None), ((40, 50), (3, 7), None),
                     ((9, 4, 5), (4, 3, 2), None), ((20,), (4,), (None,)), ((300,), (1,), (None,)), ((12, 10), (3, 4), (None, 10)),
                     ((12, 10), (3, 4), (None, None)), ((200, 30), (2, 3), (None, None)), ((3000,), (1,), None), ((0, 3), (2, 3), (None, 3))]):
                for options in [{}, {"compression": "gzip"}, {"compression": "gzip", "shuffle": True}, {"shuffle": True}, {"fletcher32": True},
                                {"compression": "gzip", "compression_opts": 9, "shuffle": True, "fletcher32": True}]:
                    if len(shape) == 1 and shape[0] >= 300 and dtype not in ("i4", "f4"):
                        continue
                    f.create_dataset(f"d{n}", data=values(dtype, shape), chunks=chunk, maxshape=maximum, **options)
                    n += 1
            sparse = f.create_dataset("sparse", shape=(30, 30), chunks=(7, 7), dtype="i4", fillvalue=-5)
            sparse[10:12, 3:20] = 9
            grown = f.create_dataset("grown", shape=(5, 4), chunks=(2, 2), maxshape=(None, None), dtype="f4")
            grown[:] = 1
            grown.resize((11, 6))
            grown[9] = 4
            shrunk = f.create_dataset("long", shape=(70000,), chunks=(8,), maxshape=(None,), dtype="i4")
            shrunk[:5] = 3
            shrunk[60000:60100] = np.arange(100)
            paged = f.create_dataset("paged", shape=(40000,), chunks=(8,), dtype="i4")
            paged[20000:20100] = np.arange(100)
            f.create_dataset("big_chunks", data=rng.standard_normal((300, 200)).astype("f4"), chunks=(64, 64), compression="gzip")
        yield path

        path = os.path.join(folder, f"groups-{tag}.h5")
        with h5py.File(path, "w", libver=libver, track_order=track) as f:
            many = f.create_group("many", track_order=track)
            for i in rng.permutation(700):
                many[f"child_{i}"] = np.float32(i)
            few = f.create_group("few", track_order=track)
            for name in ["zeta", "alpha", "ünï", "with space", "MiXed", "a" * 300]:
                few.create_group(name, track_order=track)["v"] = len(name)
            deep = f
            for i in range(60):
                deep = deep.create_group(f"level{i}", track_order=track)
            deep["leaf"] = np.arange(3)
            f.create_group("void")
        yield path

        path = os.path.join(folder, f"attributes-{tag}.h5")
        with h5py.File(path, "w", libver=libver, track_order=track) as f:
            f.attrs["text"] = "hello"
            f.attrs["unicode"] = "héllo ✓"
            f.attrs["bytes"] = np.bytes_("fixed")
            f.attrs["int"] = 42
            f.attrs["negative"] = -7
            f.attrs["big"] = np.uint64(2**63 + 5)
            f.attrs["float"] = 0.1
            f.attrs["half"] = np.array([0.5, -65504, 6e-8, np.inf], "f2")
            f.attrs["single"] = np.float32(3.14)
            f.attrs["flag"] = True
            f.attrs["flags"] = np.array([True, False, True])
            f.attrs["ints"] = np.arange(12).reshape(3, 4)
            f.attrs["cube"] = np.arange(12, dtype="i2").reshape(3, 2, 2)
            f.attrs["be"] = np.array([1, 2, 3], ">i4")
            f.attrs["strings"] = ["alpha", "beta", ""]
            f.attrs["fixed_strings"] = np.array([b"kernel:0", b"bias:0", b""], "S12")
            f.attrs["no_strings"] = np.array([], "S1")
            f.attrs["nothing"] = h5py.Empty("f4")
            f.attrs["complex"] = 1 + 2j
            f.attrs["opaque"] = np.void(b"abc")
            f.attrs["nan"] = np.nan
            f.attrs["long_text"] = "y" * 5000
            f.attrs["json"] = json.dumps({"a": [1, 2, {"b": None}]})
            dense = f.create_group("dense", track_order=track)
            for i in range(60):
                dense.attrs[f"attribute_{i:03d}_{'n' * (i % 5)}"] = f"value {i}" if i % 2 else i
            data = f.create_dataset("data", data=np.arange(3), track_order=track)
            data.attrs["z"] = 1
            data.attrs["a"] = 2
            if libver != "earliest" and libver[0] != "e":
                dense.attrs["huge"] = np.arange(20000)
            for i in range(9):
                data.attrs[f"names{i}"] = np.array([b"layer_%03d/kernel:0" % k for k in range(300)])
        yield path

    path = os.path.join(folder, "userblock.h5")
    with h5py.File(path, "w", userblock_size=1024) as f:
        f["a/b"] = np.arange(5)
    yield path
    path = os.path.join(folder, "named-types.h5")
    with h5py.File(path, "w") as f:
        f["type"] = np.dtype("f4")
        f.create_dataset("typed", data=np.arange(4, dtype="f4"), dtype=f["type"])
        f.attrs.create("typed", 1.5, dtype=f["type"])
        f["ref"] = np.arange(2)
        f.attrs["reference"] = f["ref"].ref
    # The committed type itself is neither group nor dataset; h5py lists it, so compare what both call datasets.
    got = dump(path)
    found = {o["path"]: o for o in got.get("objects", [])}
    check("committed datatype", found.get("typed", {}).get("data", {}).get("crc") == crc(np.arange(4, dtype="f4")), str(got)[:300])
    check("committed datatype of an attribute", [a["value"] for a in found.get("", {}).get("attributes", []) if a["name"] == "typed"] == [1.5], str(got)[:300])


def test_hdf5():
    with tempfile.TemporaryDirectory() as folder:
        for path in write_hdf5_cases(folder):
            compare_hdf5("hdf5 " + os.path.basename(path), path)


# ---------------------------------------------------------------- npy, npz, json, zip

def test_npy():
    rng = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        arrays = {}
        for dtype in ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", ">i2", ">i8", ">f4", ">c16"]:
            for shape in [(), (1,), (5,), (2, 3), (4, 3, 2), (0,), (2, 0, 3)]:
                for order in "CF":
                    a = np.asarray(rng.integers(0, 100, size=shape).astype(dtype), order=order)
                    path = os.path.join(folder, "a.npy")
                    np.save(path, a)
                    got = dump(path).get("array", {})
                    want = a.astype(a.dtype.newbyteorder("<"))
                    check(f"npy {dtype} {shape} {order}", got == {"dtype": short(a.dtype), "shape": list(shape), "crc": crc(want)}, str(got))
                    arrays[f"{dtype.replace('>', 'be')}_{len(arrays)}"] = a
        for version in [(2, 0), (3, 0)]:
            path = os.path.join(folder, "v.npy")
            with open(path, "wb") as f:
                np.lib.format.write_array(f, np.arange(6).reshape(2, 3), version=version)
            check(f"npy version {version}", dump(path).get("array", {}).get("crc") == crc(np.arange(6)))
        for bad in [np.array(["a", "bc"]), np.array([b"x"]), np.zeros(2, [("a", "f4")]), np.array([1, 2], "M8[s]")]:
            path = os.path.join(folder, "bad.npy")
            np.save(path, bad)
            check(f"npy refuses {bad.dtype}", dump(path).get("error") == "K0121", str(dump(path)))
        for save in (np.savez, np.savez_compressed):
            path, out = os.path.join(folder, "a.npz"), os.path.join(folder, "b.npz")
            save(path, **arrays)
            got = dump(path).get("arrays", [])
            want = [{"dtype": short(a.dtype), "shape": list(a.shape), "crc": crc(a.astype(a.dtype.newbyteorder("<"))), "name": n} for n, a in arrays.items()]
            check(f"{save.__name__} reads", got == want)
            check(f"{save.__name__} writes", dump(path, "--npz", out) is True)
            with np.load(out) as again:
                check(f"{save.__name__} order", list(again) == list(arrays))
                check(f"{save.__name__} values", all(np.array_equal(again[n], a) and again[n].dtype == a.dtype.newbyteorder("<") for n, a in arrays.items()))


def test_json():
    texts = ['{"a": 1, "a": 2, "b": {"x": [1, 2.5, -0.0, 1e300, 1e400, -1e400, 1e-400, 5e-324, NaN, Infinity, -Infinity]}}', "[]", "{}", "  [1 , 2 ]\n",
             "123456789012345678901234567890", "-9223372036854775808", "9223372036854775807", "9223372036854775808", '"\\ud83d\\ude00 \\u00e9 \\n\\t\\/ é✓"',
             '[true, false, null, "", {"": {"k": []}}]', "0.1", "[0.1, 1.0, 100000.0, 1e22, 1e16, 123456.789, 1.7976931348623157e308]",
             json.dumps({"nested": [[[[{"deep": 1}]]]], "text": "\u2028\x7f\x1f"})]
    bad = ["", "{", "[1,]", "{'a': 1}", "[1 2]", '{"a" 1}', "01", "1.", ".5", "+1", "nul", '"abc', '"\\x"', '"\t"', "[1]]", "-", "1e", "[" * 300, "tru", "{,}", '{"a":}', "nan"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.json")
        for source in texts:
            with open(path, "w", encoding="utf-8") as f:
                f.write(source)
            got, want = dump(path, "--json-roundtrip"), json.loads(source)
            check(f"json {source[:40]}", repr(got) == repr(want), f"{got!r} != {want!r}")
        for source in bad:
            with open(path, "w", encoding="utf-8") as f:
                f.write(source)
            check(f"json refuses {source[:20]}", dump(path, "--json-roundtrip").get("error") in ("K0110", "K0100"), str(dump(path, "--json-roundtrip")))
        with open(path, "wb") as f:
            f.write(b'"\xff\xfe"')
        check("json refuses latin-1", dump(path, "--json-roundtrip").get("error") == "K0110")


def test_zip():
    rng = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.zip")
        contents = {"empty": b"", "a/b.txt": b"hello" * 1000, "random": rng.bytes(70000), "zeros": bytes(3_000_000), "ünï": b"x"}
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            for streamed in (False, True):
                stream = io.BytesIO()
                target = stream
                if streamed:  # an output that cannot seek: sizes follow the data
                    class Pipe(io.RawIOBase):
                        def writable(self): return True
                        def write(self, b): return stream.write(b)
                    target = Pipe()
                with zipfile.ZipFile(target, "w", method) as z:
                    z.comment = b"a comment PK\x05\x06 that looks like an end"
                    for name, data in contents.items():
                        z.writestr(name, data)
                with open(path, "wb") as f:
                    f.write(stream.getvalue())
                got = dump(path).get("members")
                want = [{"name": n, "size": len(d), "crc": zlib.crc32(d)} for n, d in contents.items()]
                check(f"zip {method} {streamed}", got == want, str(dump(path))[:300])
        with zipfile.ZipFile(path, "w") as z:
            with z.open("big", "w", force_zip64=True) as f:
                f.write(b"abc")
        check("zip64 member", dump(path).get("members") == [{"name": "big", "size": 3, "crc": zlib.crc32(b"abc")}])
        for name, code in [("../evil", "K0104"), ("/etc/passwd", "K0104"), ("a/../../b", "K0104")]:
            with zipfile.ZipFile(path, "w") as z:
                z.writestr(name, b"x")
            check(f"zip refuses {name}", dump(path).get("error") == code, str(dump(path)))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as z:
            z.writestr("a", b"x")
        check("zip refuses bzip2", dump(path).get("error") == "K0103")
        import warnings
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with zipfile.ZipFile(path, "w") as z:
                z.writestr("a", b"x")
                z.writestr("a", b"y")
        check("zip refuses duplicates", dump(path).get("error") == "K0105")


# ---------------------------------------------------------------- flatbuffers, judged by the flatbuffers package through TFLite's schema

def tflite_expected(data, where=None):
    from tensorflow.lite.python import schema_py_generated as schema
    model = schema.Model.GetRootAs(data, 0)
    out = {"version": model.Version(), "description": (model.Description() or b"").decode(), "tensors": [], "buffers": []}
    for g in range(model.SubgraphsLength()):
        graph = model.Subgraphs(g)
        for t in range(graph.TensorsLength()):
            tensor = graph.Tensors(t)
            shape = [] if tensor.ShapeIsNone() else tensor.ShapeAsNumpy().tolist() if tensor.ShapeLength() else []
            out["tensors"].append({"name": (tensor.Name() or b"").decode(), "type": tensor.Type(), "buffer": tensor.Buffer(), "shape": shape})
    for b in range(model.BuffersLength()):
        raw = model.Buffers(b)
        values = raw.DataAsNumpy().tobytes() if raw.DataLength() else b""
        out["buffers"].append(zlib.crc32(values))
        if where is not None and raw.DataLength():
            where.append(raw._tab.Vector(raw._tab.Offset(4)))
    return out


def compare_tflite(path):
    with open(path, "rb") as f:
        data = f.read()
    want = tflite_expected(data)
    got = dump(path).get("model")
    check(path, got == want, str(got)[:200])
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "again.tflite")
        check(f"{path} rebuilt", dump(path, "--tflite", out) is True)
        with open(out, "rb") as f:
            again = f.read()
        starts = []
        check(f"{path} rebuilt reads", tflite_expected(again, starts) == want)
        check(f"{path} buffers aligned", all(s % 16 == 0 for s in starts), str(starts[:5]))


# ---------------------------------------------------------------- real files

def test_real(places):
    files = []
    for place in places:
        if os.path.isfile(place):
            files.append(place)
        for folder, _, names in os.walk(place):
            files += [os.path.join(folder, n) for n in names]
    for path in sorted(files):
        if path.endswith(".h5") or path.endswith(".hdf5"):
            compare_hdf5(path, path)
        elif path.endswith(".tflite"):
            compare_tflite(path)
        elif path.endswith(".npz"):
            with np.load(path, allow_pickle=True) as arrays:
                if any(a.dtype.kind not in "biufc" for a in arrays.values()):
                    check(path, dump(path).get("error") == "K0121", str(dump(path))[:200])
                    continue
                want = [{"dtype": short(arrays[n].dtype), "shape": list(arrays[n].shape), "crc": crc(arrays[n]), "name": n} for n in arrays]
            check(path, dump(path).get("arrays") == want, str(dump(path))[:200])
        elif path.endswith(".keras") and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as z:
                want = [{"name": i.filename, "size": i.file_size, "crc": i.CRC} for i in z.infolist()]
                names = z.namelist()
                check(path, dump(path).get("members") == want, str(dump(path))[:200])
                for name in names:
                    if name.endswith(".h5"):
                        compare_hdf5(f"{path} › {name}", None, dump(path, name), h5py.File(io.BytesIO(z.read(name)), "r"))
                    elif name.endswith(".json"):
                        check(f"{path} › {name}", repr(dump(path, name).get("json")) == repr(json.loads(z.read(name))))


def main():
    global DUMP
    parser = argparse.ArgumentParser()
    parser.add_argument("--dump", default=None)
    parser.add_argument("--files", action="append", default=[])
    options = parser.parse_args()
    candidates = [options.dump] if options.dump else [os.path.join(ROOT, "build", b, "src/formats/kedge-formats-dump") for b in ("release", "h-formats")]
    DUMP = next((c for c in candidates if c and os.path.exists(c)), None)
    if DUMP is None:
        print("kedge-formats-dump is not built; pass --dump PATH")
        return 1
    test_npy()
    test_json()
    test_zip()
    test_hdf5()
    test_real(options.files)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
