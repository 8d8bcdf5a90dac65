# cython: boundscheck=False, wraparound=False, cdivision=True
"""The inner loops of the im2col that courseworks compile with Cython: windows to columns, one entry at a time."""
import numpy as np
cimport cython

ctypedef fused real:
    float
    double


def im2col(real[:, :, :, ::1] xpad, int HH, int WW, int OH, int OW, int stride):
    """Columns of all windows, (C * HH * WW, OH * OW * N), of images that are padded already."""
    cdef Py_ssize_t N = xpad.shape[0], C = xpad.shape[1]
    dtype = np.float32 if real is float else np.float64
    columns = np.empty((C * HH * WW, OH * OW * N), dtype)
    cdef real[:, ::1] view = columns
    cdef Py_ssize_t c, i, j, row, y, x, n
    for c in range(C):
        for y in range(OH):
            for x in range(OW):
                for i in range(HH):
                    for j in range(WW):
                        row = (c * HH + i) * WW + j
                        for n in range(N):
                            view[row, (y * OW + x) * N + n] = xpad[n, c, stride * y + i, stride * x + j]
    return columns
