using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FunctionalLeNet.Tests.Lessons;

/// <summary>
/// A lesson as <c>dotnet run</c> would compile and run it, but inside this process, which takes a tenth of the time: the compiler is started once for all lessons,
/// and what they use is compiled already.
/// </summary>
/// <param name="Name">The file's name without <c>.cs</c>.</param>
internal sealed record Lesson(string Name)
{
    // What the SDK's implicit usings are for a console program.
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Options = new CSharpParseOptions(LanguageVersion.CSharp14).WithFeatures([new("FileBasedProgram", "true")]);

    /// <summary>All lessons in order.</summary>
    public static IEnumerable<Lesson> All =>
        Directory.EnumerateFiles(Folder(), "*.cs").Order(StringComparer.Ordinal).Select(file => new Lesson(System.IO.Path.GetFileNameWithoutExtension(file)));

    /// <summary>The source's lines.</summary>
    public string[] Lines => File.ReadAllLines(Path);

    private string Path => System.IO.Path.Join(Folder(), Name + ".cs");

    /// <summary>Compiles and runs the lesson.</summary>
    /// <returns>What it prints.</returns>
    public string Output() => Output($"lesson-{Name}", File.ReadAllText(Path), Path);

    /// <summary>Compiles and runs a program that has no file of its own, such as the blocks of a page.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="source">The source.</param>
    /// <param name="path">Where it lies, for the compiler's messages.</param>
    /// <returns>What it prints.</returns>
    public static string Output(string name, string source, string path)
    {
        using var program = new MemoryStream();
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(ImplicitUsings, Options), CSharpSyntaxTree.ParseText(source, Options, path)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        var result = compilation.Emit(program);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning));
        var main = Assembly.Load(program.ToArray()).EntryPoint!;
        return LessonConsole.Captured(() => main.Invoke(null, [Array.Empty<string>()]));
    }

    private static string Folder([CallerFilePath] string file = "") => System.IO.Path.GetFullPath("../../Experiments/Lessons", System.IO.Path.GetDirectoryName(file)!);
}

/// <summary>Standard output that goes to whoever captures it in this flow of control, and else to where it went before.</summary>
internal sealed class LessonConsole(TextWriter before) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    private static readonly AsyncLocal<StringWriter?> Capture = new();

    /// <summary>What an action prints.</summary>
    /// <param name="action">It prints from its own thread.</param>
    public static string Captured(Action action)
    {
        lock (Capture)
        {
            if (Console.Out is not LessonConsole)
                Console.SetOut(new LessonConsole(Console.Out));
        }

        using var text = new StringWriter();
        Capture.Value = text;
        try
        {
            action();
        }
        finally
        {
            Capture.Value = null;
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    public override void Write(char value) => (Capture.Value ?? before).Write(value);

    public override void Write(string? value) => (Capture.Value ?? before).Write(value);

    public override void Write(char[] buffer, int index, int count) => (Capture.Value ?? before).Write(buffer, index, count);
}
