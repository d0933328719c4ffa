"""AdaGrad's correction of two rows at once, 16 numbers at a time.

The four rows it changes (two vectors, two accumulators) are read and written once. See
:mod:`ptft_gui.engine.lanes` for how rows are named and laid out.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]

from ptft_gui.engine.lanes import (
    FLAGS,
    LANES,
    VECTOR,
    cgutils,
    in_all_lanes,
    intrinsic,
    load_block,
    plus_product,
    store_block,
    types,
)

_QUICK = (*FLAGS, "arcp")
"""Lets the compiler take the processor's quick 1 / sqrt(x) and refine it, as it does in plain loops."""


def _at_most(builder: Any, value: Any, limit: float) -> Any:
    """``value`` cut off at ``limit`` on both sides; what is no number stays none."""
    high, low = (ir.Constant(VECTOR, [bound] * LANES) for bound in (limit, -limit))
    below = builder.select(builder.fcmp_ordered(">", value, high), high, value)
    return builder.select(builder.fcmp_ordered("<", below, low), low, below)


def _inverse_root(builder: Any, value: Any) -> Any:
    root = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(VECTOR, [VECTOR]), f"llvm.sqrt.v{LANES}f32"
    )
    one = ir.Constant(VECTOR, [1.0] * LANES)
    return builder.fdiv(one, builder.call(root, [value], fastmath=_QUICK), flags=_QUICK)


def _step(builder: Any, slope: Any, other: Any, rate: Any, limit: float) -> Any:
    gradient = _at_most(builder, builder.fmul(slope, other, flags=FLAGS), limit)
    return builder.fmul(gradient, rate, flags=FLAGS)


def adagrad_within(limit: float) -> Any:
    """``correct(w, c, slope, w_rate, c_rate, blocks)``: one correction of ``w`` and ``c`` by each other, as they were.

    ``w`` and ``c`` are addresses; the accumulators of each stand right behind it. ``step = clip(slope * other) * rate``
    with gradients cut off at ``limit``; ``row -= step / sqrt(squares)``, then ``squares += step * step``.
    """

    @intrinsic
    def correct(_context: Any, w: Any, c: Any, slope: Any, w_rate: Any, c_rate: Any, blocks: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            w, c, slope, w_rate, c_rate, blocks = arguments
            slope, w_rate, c_rate = (in_all_lanes(builder, number) for number in (slope, w_rate, c_rate))
            with cgutils.for_range(builder, blocks) as loop:
                places = [
                    (row, builder.add(loop.index, skipped))
                    for row in (w, c)
                    for skipped in (zero(blocks), blocks)
                ]
                w_now, w_squares, c_now, c_squares = (load_block(builder, *place) for place in places)
                w_step = _step(builder, slope, c_now, w_rate, limit)
                c_step = _step(builder, slope, w_now, c_rate, limit)
                changed = (
                    _minus_scaled(builder, w_now, w_step, w_squares),
                    plus_product(builder, w_squares, w_step, w_step),
                    _minus_scaled(builder, c_now, c_step, c_squares),
                    plus_product(builder, c_squares, c_step, c_step),
                )
                for value, place in zip(changed, places, strict=True):
                    store_block(builder, value, *place)
            return context.get_dummy_value()

        signature = types.void(
            types.int64, types.int64, types.float32, types.float32, types.float32, types.int64
        )
        return signature, generate

    return correct


def zero(like: Any) -> Any:
    return ir.Constant(like.type, 0)


def _minus_scaled(builder: Any, now: Any, step: Any, squares: Any) -> Any:
    scaled = builder.fmul(step, _inverse_root(builder, squares), flags=_QUICK)
    return builder.fsub(now, scaled, flags=FLAGS)
