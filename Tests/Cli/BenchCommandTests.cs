using System.Text.Json;
using FunctionalLeNet.Experiments.Bench;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Cli;

public class BenchCommandTests
{
    [Fact]
    public void Bench_measures_the_network_and_every_layer_as_one_object_a_row()
    {
        using var folder = new TemporaryFolder();
        var outcome = CommandLine.Run(folder, "bench", "folk", "--threads", "1", "--json");
        var rows = outcome.OutputLines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        string[] whole = ["peak", "folk/training", "folk/inference", "folk/one image"];
        var products = new[] { "conv/0", "conv/2", "fc/0", "fc/1", "fc/2" }
            .SelectMany(layer => new[] { "forward", "input gradient", "weight gradient" }.Select(product => $"folk/{layer}/{product}"))
            .Where(name => name != "folk/conv/0/input gradient");

        Assert.Equal(0, outcome.Code);
        Assert.Equal(whole.Concat(products), rows.Select(row => row.GetProperty("name").GetString()));
        Assert.All(rows, row => Assert.Equal(1, row.GetProperty("threads").GetInt32()));
        Assert.All(rows, row => Assert.True(row.GetProperty("microseconds").GetDouble() > 0));
        Assert.Equal(64, rows[1].GetProperty("batch").GetInt32());
        Assert.Equal(1e6 * 64 / rows[1].GetProperty("microseconds").GetDouble(), rows[1].GetProperty("images_per_second").GetDouble(), 1e-6);
        Assert.False(rows[1].TryGetProperty("gflops", out _));
        Assert.All(rows.Skip(whole.Length), row => Assert.True(row.GetProperty("gflops").GetDouble() > 0));
        // Operations of N·OH·OW × K × O multiply-adds: GFLOP/s times microseconds are thousands of them.
        var second = rows.Single(row => row.GetProperty("name").GetString() == "folk/conv/2/forward");
        Assert.Equal(2e-3 * 64 * 10 * 10 * 150 * 16, second.GetProperty("gflops").GetDouble() * second.GetProperty("microseconds").GetDouble(), 1e-3);
    }

    [Fact]
    public void The_distance_of_two_cores_is_a_row_of_its_own()
    {
        var distance = PeakBench.Distance(TimeSpan.Zero);

        Assert.Equal(("handover", 2, 0), (distance.Name, distance.Threads, distance.Batch));
        Assert.True(distance.Microseconds > 0);
    }
}
