using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Tests.Lessons;

/// <summary>What pages show is what compiles and runs.</summary>
public partial class PagesTests
{
    [Fact]
    public void The_blocks_of_the_api_page_are_a_program()
    {
        var lines = Lesson.Output("api", Blocks("docs/api.md"), "docs/api.md").ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "conv: Convolution 4@3x3 pad 1 -> [4, 8, 8]", "relu: ReLU -> [4, 8, 8]", "pool: Max-pooling 2x2 -> [4, 4, 4]", "flatten: Flatten -> [64]", "fc: Linear 10 -> [10]",
                "conv: expected [channels, height, width], found [1, 8, 1, 8]",
                "conv/weight: 36", "conv/bias: 4", "fc/weight: 640", "fc/bias: 10",
            ],
            lines[..10]);
        Assert.Equal(["True", "True", "conv: [16, 4, 8, 8]", "relu: [16, 4, 8, 8]", "pool: [16, 4, 4, 4]", "flatten: [16, 64]", "fc: [16, 10]", "16"], lines[11..]);
    }

    /// <summary>A package's page is a glimpse: it compiles after what the api page has before it.</summary>
    [Theory]
    [InlineData("Core/README.md", "")]
    [InlineData("Autodiff/README.md", """
        var network = new Network([4], new Layer.Linear(3));
        var parameters = Parameters.Initialise(network, TorchGenerator.Seed(0)).Parameters;
        var (optimizer, images, labels) = (Optimizer.Of(new OptimizerSettings.Sgd(0.1)), Tensor.Batch([2, 4], new float[8]), new byte[2]);
        var (state, workspace) = (optimizer.Start(parameters), new Workspace());
        """)]
    public void The_block_of_a_packages_page_compiles(string page, string before)
    {
        var usings = Block().Matches(Text("docs/api.md"))[0].Groups[1].Value;
        // Compiled as a function that is never called: pages write files.
        Lesson.Output("page", $"{usings}\nvoid Never()\n{{\n{before}\n{Blocks(page)}\n}}\nif (Environment.ProcessId < 0)\n    Never();\n", page);
    }

    /// <summary>A link to a file leads to one, and to a heading where it names one.</summary>
    [Fact]
    public void Every_link_leads_somewhere()
    {
        var pages = (string[])["", "docs", "docs/adr", "Experiments", "Experiments/Lessons", "Experiments/Data/Digits", "Core", "Autodiff", "Tests/Reference"];
        var links =
            from folder in pages
            from page in Directory.EnumerateFiles(Root(folder), "*.md")
            from link in Link().Matches(File.ReadAllText(page))
            let target = link.Groups[1].Value
            where !target.StartsWith("http", StringComparison.Ordinal)
            select (Page: page, Target: target);
        Assert.True(links.Count() > 100);
        Assert.Empty(links.Where(link => !Leads(link.Page, link.Target)).Select(link => $"{Path.GetRelativePath(Root(""), link.Page)}: {link.Target}"));
    }

    [Fact]
    public void The_README_lists_every_document() =>
        Assert.DoesNotContain(Directory.EnumerateFiles(Root("docs"), "*.md").Select(page => $"docs/{Path.GetFileName(page)}"), page => !Text("README.md").Contains($"({page}", StringComparison.Ordinal));

    private static bool Leads(string page, string target)
    {
        var (file, heading) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
        var path = file.Length == 0 ? page : Path.GetFullPath(file, Path.GetDirectoryName(page)!);
        return heading.Length == 0
            ? Path.Exists(path)
            : File.Exists(path) && Heading().Matches(File.ReadAllText(path)).Any(match => Slug(match.Groups[1].Value) == heading);
    }

    // As GitHub names a heading: small letters, no punctuation, dashes for spaces.
    private static string Slug(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    private static string Root(string folder, [CallerFilePath] string here = "") => Path.GetFullPath($"../../{folder}", Path.GetDirectoryName(here)!);

    /// <summary>Who uses the packages meets no type of MathNet where a tensor would do: in one conversion alone.</summary>
    [Fact]
    public void MathNet_stays_inside()
    {
        var mentioned =
            from assembly in new[] { typeof(Tensor).Assembly, typeof(Node).Assembly }
            from type in assembly.GetExportedTypes()
            from member in type.GetMembers()
            where member.ToString()!.Contains("MathNet", StringComparison.Ordinal) && !member.ToString()!.Contains("Kernels.Numerics", StringComparison.Ordinal)
            select $"{type.Name}.{member.Name}";
        Assert.Equal(["Tensor.ToMatrix"], mentioned.Where(name => name != "Numerics.MathNet"));
    }

    private static string Blocks(string page) => string.Join('\n', Block().Matches(Text(page)).Select(block => block.Groups[1].Value));

    private static string Text(string page, [CallerFilePath] string here = "") => File.ReadAllText(Path.GetFullPath($"../../{page}", Path.GetDirectoryName(here)!)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
