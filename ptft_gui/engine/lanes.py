"""The innermost loops over the numbers of a vector, as operations on 16 of them at once.

numba's compiler cannot know that the rows of two arrays do not overlap, so it would compute one number at a time where
several rows are changed in one loop. Here the operations on vectors are written out; the compiler cuts them to what the
processor has (AVX-512: one register, AVX2: two, Neon: four). A row is named by its address, holds ``blocks`` times 16
float32 and begins at a multiple of 64 bytes; see :func:`laid_out`.

Families add operations of their own from the same pieces (``load_block``, ``store_block``, ...).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import extending as numba_extending
from numba import types as numba_types
from numba.core import cgutils as numba_cgutils
from numpy.typing import NDArray

# numba says only of some of its parts which types they have
types: Any = numba_types
cgutils: Any = numba_cgutils


def intrinsic(function: Callable[..., Any]) -> Any:
    """The function as an operation that numba's compiled code can use."""
    return numba_extending.intrinsic(function)


LANES = 16
_ROW_ALIGNMENT = 64
FLAGS = ("contract", "reassoc", "nsz")

_FLOAT, _INT, _ADDRESS = ir.FloatType(), ir.IntType(32), ir.IntType(64)
VECTOR = ir.VectorType(_FLOAT, LANES)


def laid_out(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """A copy with rows of whole blocks, filled up with zeros, shape (V, d) to (V, d rounded up to 16), aligned."""
    rows, size = array.shape
    padded = empty_rows(rows, size)
    padded[:, :size] = array
    return padded


def empty_rows(rows: int, size: int) -> NDArray[np.float32]:
    """Zeros of shape (rows, size rounded up to 16); the first begins at a multiple of 64 bytes, so all do."""
    width = -(-size // LANES) * LANES
    room = np.zeros(rows * width * 4 + _ROW_ALIGNMENT, dtype=np.uint8)
    skipped = -room.ctypes.data % _ROW_ALIGNMENT
    return room[skipped : skipped + rows * width * 4].view(np.float32).reshape(rows, width)


def _place(builder: Any, row: Any, block: Any) -> Any:
    offset = builder.mul(block, ir.Constant(_ADDRESS, LANES * 4))
    return builder.inttoptr(builder.add(row, offset), VECTOR.as_pointer())


def load_block(builder: Any, row: Any, block: Any) -> Any:
    return builder.load(_place(builder, row, block), align=_ROW_ALIGNMENT)


def store_block(builder: Any, value: Any, row: Any, block: Any) -> None:
    builder.store(value, _place(builder, row, block), align=_ROW_ALIGNMENT)


def plus_product(builder: Any, summed: Any, left: Any, right: Any) -> Any:
    return builder.fadd(summed, builder.fmul(left, right, flags=FLAGS), flags=FLAGS)


def in_all_lanes(builder: Any, number: Any) -> Any:
    unset = ir.Constant(VECTOR, ir.Undefined)
    first = builder.insert_element(unset, number, ir.Constant(_INT, 0))
    return builder.shuffle_vector(first, unset, ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES))


def sum_of_lanes(builder: Any, vector: Any) -> Any:
    function = cgutils.get_or_insert_function(
        builder.module,
        ir.FunctionType(_FLOAT, [_FLOAT, VECTOR]),
        f"llvm.vector.reduce.fadd.v{LANES}f32",
    )
    return builder.call(function, [ir.Constant(_FLOAT, 0.0), vector], fastmath=("reassoc",))


def _dots_of(count: int) -> Any:
    """``dots(x, (y1, ...), blocks)``: the dot products of one row with ``count`` others, a tuple of float32."""
    rows, numbers = types.UniTuple(types.int64, count), types.UniTuple(types.float32, count)

    @intrinsic
    def dots(_context: Any, x: Any, others: Any, blocks: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            x, others, blocks = arguments
            nothing = ir.Constant(VECTOR, [0.0] * LANES)
            sums = [cgutils.alloca_once_value(builder, nothing) for _ in range(count)]
            others = cgutils.unpack_tuple(builder, others, count)
            with cgutils.for_range(builder, blocks) as loop:
                value = load_block(builder, x, loop.index)
                for place, other in zip(sums, others, strict=True):
                    product = plus_product(
                        builder, builder.load(place), value, load_block(builder, other, loop.index)
                    )
                    builder.store(product, place)
            return context.make_tuple(
                builder,
                signature.return_type,
                [sum_of_lanes(builder, builder.load(place)) for place in sums],
            )

        return numbers(types.int64, rows, types.int64), generate

    return dots


def _correct_of(count: int) -> Any:
    """``correct(h, x, (y1, ...), (g1, ...), blocks)``: ``x += sum g y`` and, with ``y`` as it was, ``y += g h``."""
    rows, numbers = types.UniTuple(types.int64, count), types.UniTuple(types.float32, count)

    @intrinsic
    def correct(_context: Any, h: Any, x: Any, others: Any, slopes: Any, blocks: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            h, x, others, slopes, blocks = arguments
            others = cgutils.unpack_tuple(builder, others, count)
            slopes = [in_all_lanes(builder, slope) for slope in cgutils.unpack_tuple(builder, slopes, count)]
            with cgutils.for_range(builder, blocks) as loop:
                hidden, changed = load_block(builder, h, loop.index), load_block(builder, x, loop.index)
                for other, slope in zip(others, slopes, strict=True):
                    before = load_block(builder, other, loop.index)
                    changed = plus_product(builder, changed, slope, before)
                    store_block(builder, plus_product(builder, before, slope, hidden), other, loop.index)
                store_block(builder, changed, x, loop.index)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, rows, numbers, types.int64), generate

    return correct


dots_4, dots_2, dots_1 = _dots_of(4), _dots_of(2), _dots_of(1)
correct_4, correct_2, correct_1 = _correct_of(4), _correct_of(2), _correct_of(1)


@intrinsic
def add_row(_context: Any, source: Any, factor: Any, target: Any, blocks: Any) -> Any:
    """``target += factor * source``."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        source, factor, target, blocks = arguments
        factor = in_all_lanes(builder, factor)
        with cgutils.for_range(builder, blocks) as loop:
            before = load_block(builder, target, loop.index)
            added = plus_product(builder, before, factor, load_block(builder, source, loop.index))
            store_block(builder, added, target, loop.index)
        return context.get_dummy_value()

    return types.void(types.int64, types.float32, types.int64, types.int64), generate


@intrinsic
def copy_row(_context: Any, source: Any, target: Any, blocks: Any) -> Any:
    """``target = source``."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        source, target, blocks = arguments
        with cgutils.for_range(builder, blocks) as loop:
            store_block(builder, load_block(builder, source, loop.index), target, loop.index)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@intrinsic
def fetch_row(_context: Any, row: Any, blocks: Any) -> Any:
    """Ask the memory for a row that will be needed soon, and go on."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        row, blocks = arguments
        pointer = ir.IntType(8).as_pointer()
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [pointer, _INT, _INT, _INT]), "llvm.prefetch.p0"
        )
        with cgutils.for_range(builder, blocks) as loop:
            place = builder.bitcast(_place(builder, row, loop.index), pointer)
            builder.call(function, [place, _INT(1), _INT(3), _INT(1)])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate
