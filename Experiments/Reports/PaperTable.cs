using FunctionalLeNet.Core.Interpreters;
using Spectre.Console;

namespace FunctionalLeNet.Experiments.Reports;

/// <summary>
/// A network in the columns of LeCun et al. 1998, section II-B, where a layer is its weighted sum and its sigmoid together: C1 … F6 and Output, maps and their size,
/// the neighbourhood, trainable parameters and connections.
/// </summary>
internal static class PaperTable
{
    /// <summary>The table; layers without connections are part of the one before.</summary>
    /// <param name="network">The network.</param>
    public static Table Of(Core.Layers.Network network)
    {
        var total = Cost.Of(network);
        var table = Tables.Of(
            [("Layer", false), ("What", false), ("Feature maps", false), ("Parameters", true), ("Connections", true)],
            Shapes.Of(network).Where(step => Cost.Of(step).Connections > 0).Select(step => (IReadOnlyList<string>)
            [
                Name(step.Path), Summary.Text(step.Layer), Maps(step), Tables.Count(Cost.Of(step).Parameters), Tables.Count(Cost.Of(step).Connections),
            ]));
        table.ShowFooters();
        table.Columns[0].Footer = new Text("total");
        table.Columns[3].Footer = new Text(Tables.Count(total.Parameters));
        table.Columns[4].Footer = new Text(Tables.Count(total.Connections));
        return table;
    }

    private static string Name(string path) => char.ToUpperInvariant(path[0]) + path[1..];

    private static string Maps(LayerShape step) => step.Output.Rank == 3 ? $"{step.Output[0]} of {step.Output[1]}x{step.Output[2]}" : $"{step.Output[0]} units";
}
