using FunctionalLeNet.Tests.Cli;

namespace FunctionalLeNet.Tests.Interop;

/// <summary>A Python with modules that a test needs.</summary>
/// <param name="Program">Debian's own, which has Debian's modules, or the first in the path.</param>
internal sealed record Python(string Program)
{
    /// <summary>A Python that has a module of Debian's and NumPy, or the running test reports itself skipped.</summary>
    public static Python With(string module)
    {
        var found = new[] { "/usr/bin/python3", "python3" }.Select(program => new Python(program)).FirstOrDefault(python => python.Run(["-c", $"import {module}, numpy"]).Code == 0);
        Skip.If(found is null, $"Skipped for want of python3-{module}.");
        return found!;
    }

    public Outcome Run(IEnumerable<string> arguments, string directory = "") => Programs.Run("env", arguments.Prepend(Program), directory);
}
