namespace FunctionalLeNet.Experiments.Data;

/// <summary>Files that stand inside the program.</summary>
internal static class Embedded
{
    /// <summary>A file as a stream.</summary>
    /// <param name="name">Its folder and name, as <c>Experiments.csproj</c> has them: <c>Page/index.html</c>.</param>
    /// <exception cref="InvalidOperationException">There is none: a defect of the build.</exception>
    public static Stream Open(string name) =>
        typeof(Embedded).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program was built without its resource {name}.");

    /// <summary>A file's bytes.</summary>
    /// <param name="name">Its folder and name.</param>
    /// <exception cref="InvalidOperationException">There is none: a defect of the build.</exception>
    public static byte[] Bytes(string name)
    {
        using var stream = Open(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A file's text, UTF-8.</summary>
    /// <param name="name">Its folder and name.</param>
    /// <exception cref="InvalidOperationException">There is none: a defect of the build.</exception>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}
