using System.Xml.Linq;

namespace FunctionalLeNet.Experiments.Reports.Page;

/// <summary>A page of HTML that is well-formed XML too.</summary>
internal static class Html
{
    private static readonly string[] Empty = ["meta", "img"];

    /// <summary>An element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Attributes, elements, text.</param>
    public static XElement El(string name, params object?[] content) => new(name, content);

    /// <summary>An attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static XAttribute At(string name, string value) => new(name, value);

    /// <summary>A class of the style sheet.</summary>
    /// <param name="name">Its name.</param>
    public static XAttribute Class(string name) => new("class", name);

    /// <summary>A table.</summary>
    /// <param name="caption">What it is.</param>
    /// <param name="header">The columns' names and whether they hold numbers.</param>
    /// <param name="rows">The rows; the first cell names the row.</param>
    public static XElement Table(string caption, IReadOnlyList<(string Name, bool IsNumber)> header, IEnumerable<IReadOnlyList<string>> rows) => El(
        "div", Class("wide"), At("role", "region"), At("aria-label", caption), At("tabindex", "0"),
        El(
            "table",
            El("caption", caption),
            header.All(column => column.Name.Length == 0) ? null : El("thead", El("tr", header.Select(column => El("th", At("scope", "col"), Numeric(column.IsNumber), column.Name)))),
            El("tbody", rows.Select(row => El("tr", row.Select((cell, i) => i == 0 ? El("th", At("scope", "row"), Numeric(header[i].IsNumber), cell) : El("td", Numeric(header[i].IsNumber), cell)))))));

    /// <summary>The whole file. A line for each part of the body, so that two files can be compared.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="style">The style sheet, without signs that mean something to HTML.</param>
    /// <param name="body">The parts.</param>
    public static string Document(string title, string style, IEnumerable<XElement> body)
    {
        var page = El(
            "html", At("lang", "en"), "\n",
            El(
                "head", "\n",
                El("meta", At("charset", "utf-8")), "\n",
                El("meta", At("name", "viewport"), At("content", "width=device-width, initial-scale=1")), "\n",
                El("meta", At("name", "color-scheme"), At("content", "light dark")), "\n",
                El("meta", At("http-equiv", "Content-Security-Policy"), At("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'")), "\n",
                El("title", title), "\n",
                El("style", style), "\n"),
            "\n",
            El("body", "\n", body.Select(part => new object[] { part, "\n" })), "\n");
        // In HTML <p/> opens and never closes, so that only what may be empty is written so.
        foreach (var element in page.Descendants().Where(element => element.IsEmpty && !Empty.Contains(element.Name.LocalName) && !element.Ancestors("svg").Any()))
            element.Value = "";
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static XAttribute? Numeric(bool isNumber) => isNumber ? Class("number") : null;
}
