using MathNet.Numerics;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>Chooses what MathNet multiplies with. MathNet holds that choice for the whole process, and by itself takes any native provider it finds.</summary>
internal static class MatrixProvider
{
    /// <summary>Makes MathNet's products the ones that are asked for.</summary>
    /// <param name="numerics">Which products.</param>
    /// <returns>The same.</returns>
    /// <exception cref="NumericsException">This build or machine does not have them.</exception>
    public static Numerics Use(Numerics numerics)
    {
        Control.UseManaged();
        if (numerics == Numerics.Mkl)
            UseMkl();
        return numerics;
    }

#if USE_MKL
    private static void UseMkl()
    {
        if (!MathNet.Numerics.Providers.MKL.MklControl.TryUseNativeMKL())
            throw new NumericsException("MathNet's MKL provider is in this build, but its native library was not found or does not run on this machine. The packages MathNet.Numerics.MKL.Linux-x64 and MathNet.Numerics.MKL.Win-x64 hold it: put its files beside the program, or use --numerics exact or mathnet.");
    }
#else
    private static void UseMkl() =>
        throw new NumericsException("This build has no MKL. Build it with -p:UseMkl=true, which takes MathNet.Numerics.Providers.MKL from nuget.org, or use --numerics exact or mathnet.");
#endif
}

/// <summary>The products that were asked for are not to be had here.</summary>
/// <param name="message">What is missing and what to do.</param>
public sealed class NumericsException(string message) : Exception(message);
