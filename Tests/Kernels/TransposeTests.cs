using CsCheck;
using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Tests.Kernels;

public class TransposeTests
{
    [Fact]
    public unsafe void A_block_is_turned_about_its_diagonal_and_missing_rows_are_zeros() =>
        Gen.Select(Gen.OneOf(Gen.Const(16), Gen.Int[1, 16]), Gen.OneOf(Gen.Const(16), Gen.Int[1, 16]), Gen.Int[16, 40], KernelCases.Any.Array[16 * 40]).Sample(
            (rows, columns, stride, numbers) =>
            {
                var turned = new float[columns * stride];
                fixed (float* source = numbers)
                fixed (float* target = turned)
                    Transpose.Block(source, stride, rows, columns, target, stride);
                for (var column = 0; column < columns; column++)
                    KernelCases.Same(
                        [.. Enumerable.Range(0, 16).Select(row => row < rows ? numbers[(row * stride) + column] : 0)],
                        turned[(column * stride)..((column * stride) + 16)]);
            },
            iter: 200);

    [Fact]
    public unsafe void Rows_that_lie_anywhere_are_turned_like_a_block() =>
        Gen.Select(Gen.Int[0, 600].Array[16], Gen.Int[16, 40], KernelCases.Any.Array[616]).Sample(
            (rows, stride, numbers) =>
            {
                var turned = new float[16 * stride];
                fixed (float* source = numbers)
                fixed (int* places = rows)
                fixed (float* target = turned)
                    Transpose.Gathered(source, places, target, stride);
                for (var column = 0; column < 16; column++)
                    KernelCases.Same([.. rows.Select(row => numbers[row + column])], turned[(column * stride)..((column * stride) + 16)]);
            },
            iter: 200);
}
