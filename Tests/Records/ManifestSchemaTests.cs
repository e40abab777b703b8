using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using Json.Schema;

namespace FunctionalLeNet.Tests.Records;

public class ManifestSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(ManifestSchema.Text);

    /// <summary>The published file; made again by <c>LENET_ACCEPT=1 dotnet test -c Release --filter ManifestSchema</c>.</summary>
    [Fact]
    public void The_published_schema_is_that_of_the_types()
    {
        var file = Path.Join(Path.GetDirectoryName(SourceFile()), "../../docs/manifest.schema.json");
        if (Environment.GetEnvironmentVariable("LENET_ACCEPT") == "1")
            File.WriteAllText(file, ManifestSchema.Text);
        Assert.Equal(ManifestSchema.Text, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_experiments_manifest_is_valid() => Assert.All(
        AllExperiments.InOrder.SelectMany(experiment => (Experiment[])
        [
            experiment, experiment with { Optimizer = new OptimizerSettings.Sgd(0.1, 0.9) }, experiment with { Optimizer = new OptimizerSettings.TensorFlowAdam(), Limit = Limit.OfSteps(3) },
        ]),
        experiment => Assert.True(IsValid(Json(experiment)), experiment.Name));

    [Fact]
    public void A_member_too_few_or_too_many_or_of_another_type_is_found()
    {
        foreach (var path in Members(Json(Folk.Experiment), []).ToList())
        {
            Assert.False(IsValid(With(path, (parent, name) => parent.Remove(name))), $"without {string.Join('.', path)}");
            Assert.False(IsValid(With(path, (parent, _) => parent["surprise"] = 1)), $"more beside {string.Join('.', path)}");
            Assert.False(IsValid(With(path, (parent, name) => parent[name] = new JsonArray(new JsonObject()))), $"an array for {string.Join('.', path)}");
        }
    }

    private static bool IsValid(JsonNode manifest) => Schema.Evaluate(JsonSerializer.SerializeToElement(manifest)).IsValid;

    private static JsonNode Json(Experiment experiment) => JsonNode.Parse(new Manifest(
        ManifestResult.Of(experiment, 5, Core.Kernels.Numerics.Exact, Digits.Load(), null, 100) with { EarlierLimits = [new(3, new(1, null))] },
        ManifestEnvironment.Here(2, "/data", ["train"], DateTimeOffset.UnixEpoch)).ToJson())!;

    private static JsonNode With(IReadOnlyList<string> path, Action<JsonObject, string> change)
    {
        var manifest = Json(Folk.Experiment);
        change(path.Take(path.Count - 1).Aggregate(manifest, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!).AsObject(), path[^1]);
        return manifest;
    }

    private static IEnumerable<IReadOnlyList<string>> Members(JsonNode? node, IReadOnlyList<string> path) => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value, [.. path, member.Key]).Prepend([.. path, member.Key])),
        JsonArray items => items.SelectMany((item, i) => Members(item, [.. path, $"{i}"])),
        _ => [],
    };

    private static string SourceFile([CallerFilePath] string file = "") => file;
}
