using System.Globalization;
using System.Xml.Linq;
using OxyPlot;

namespace FunctionalLeNet.Experiments.Reports.Plots;

/// <summary>A plot as SVG inside a page: its colours and its letters are the page's.</summary>
internal static class SvgPlot
{
    private const string ClipPath = "clipPath";

    /// <summary>The element.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="name">A name that no other plot of the page has.</param>
    /// <param name="alternative">What is to be seen, for those who cannot see it.</param>
    public static XElement Of(Plot plot, string name, string alternative)
    {
        var text = new SvgExporter { Width = plot.Width, Height = plot.Height, IsDocument = false, TextMeasurer = PixelPlot.Measurer }.ExportToString(plot.Model(Palette.Marks));
        var drawn = XElement.Parse(text);
        return new XElement(
            "svg",
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {plot.Width} {plot.Height}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", alternative),
            drawn.Elements().Where(element => element.Name.LocalName != "g" || element.HasElements).Select(element => Inside(element, name)));
    }

    /// <summary>The plot as a file of its own, with its colours in it.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="name">Its name.</param>
    /// <param name="alternative">What is to be seen, for those who cannot see it.</param>
    public static string File(Plot plot, string name, string alternative)
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var root = Of(plot, name, alternative);
        root.AddFirst(new XElement("style", Palette.Style + "svg { font-family: system-ui, sans-serif; background: var(--page); }\n"));
        root.Add(new XAttribute("width", plot.Width), new XAttribute("height", plot.Height));
        foreach (var element in root.DescendantsAndSelf())
            element.Name = svg + element.Name.LocalName;
        return root.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // Without the namespace, which a page of HTML does not need, and with names that are the page's alone.
    private static XElement Inside(XElement element, string name) => new(
        element.Name.LocalName,
        element.Attributes().Where(attribute => attribute.Name.LocalName is not ("font-family" or "xmlns")).Select(attribute => (attribute.Name.LocalName, attribute.Value) switch
        {
            ("fill", var colour) when Variable(colour) is var variable && variable != colour => new XAttribute("style", $"fill:{variable}"),
            ("id", var id) => new XAttribute("id", $"{name}-{id}"),
            ("clip-path", var path) => new XAttribute("clip-path", path.Replace(ClipPath, $"{name}-{ClipPath}", StringComparison.Ordinal)),
            var (local, value) => new XAttribute(local, Variable(value)),
        }),
        element.Nodes().Select(node => node is XElement child ? Inside(child, name) : node));

    private static string Variable(string style) => Palette.Variables.Aggregate(style, (text, pair) => text.Replace(pair.Mark, pair.Variable, StringComparison.Ordinal));
}
