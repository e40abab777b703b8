using System.Buffers.Binary;
using System.Security.Cryptography;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Training;

/// <summary>Fingerprints by which two runs are compared to the last bit.</summary>
public static class Hashes
{
    /// <summary>SHA-256 of the parameters in layer order, weight before bias, each as little-endian float32 in PyTorch's order; lower-case hexadecimal.</summary>
    /// <param name="parameters">The parameters.</param>
    public static string OfParameters(Tree<Tensor> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, tensor) in parameters.Leaves)
            hash.AppendData(tensor.ToBytes());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 of samples' indices as little-endian 32-bit numbers: an epoch's order.</summary>
    /// <param name="order">The indices.</param>
    public static string OfOrder(IReadOnlyList<int> order)
    {
        var bytes = new byte[sizeof(int) * order.Count];
        for (var i = 0; i < order.Count; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int) * i), order[i]);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
