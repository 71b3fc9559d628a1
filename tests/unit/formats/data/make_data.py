"""Makes the small HDF5 files of this folder; run once with h5py, the results are committed."""
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def fill(f):
    f.attrs["title"] = "héllo"
    f.attrs["names"] = np.array([b"kernel", b"bias"])
    f.attrs["rate"] = 0.25
    f["layers/dense/vars/0"] = np.arange(6, dtype="f4").reshape(2, 3)
    f["layers/dense/vars/1"] = np.array([1, -2, 3], "i8")
    f.create_dataset("chunked", data=np.arange(30, dtype="i4").reshape(5, 6), chunks=(2, 4), compression="gzip", shuffle=True)
    f["words"] = ["one", "two", ""]


with h5py.File(os.path.join(HERE, "old.h5"), "w") as old:
    fill(old)
with h5py.File(os.path.join(HERE, "new.h5"), "w", libver="latest") as new:
    fill(new)
with h5py.File(os.path.join(HERE, "dense.h5"), "w", libver="latest", track_order=True) as dense:
    for i in range(12):
        dense.attrs[f"attribute{i}"] = i
    group = dense.create_group("many", track_order=True)
    for i in range(40):
        group[f"child{i}"] = np.int32(i)
    dense.create_dataset("fixed_array", data=np.arange(20, dtype="i2"), chunks=(3,))
    dense.create_dataset("extensible", data=np.arange(40, dtype="i2"), chunks=(1,), maxshape=(None,))
    dense.create_dataset("tree", data=np.arange(24, dtype="i2").reshape(4, 6), chunks=(2, 2), maxshape=(None, None), compression="gzip")
    dense.create_dataset("single", data=np.arange(4, dtype="f8"), chunks=(4,), compression="gzip", fletcher32=True)
