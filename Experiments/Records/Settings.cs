using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A manifest's parts as a flat list of names and values: <c>optimizer.learning_rate</c>, <c>network.layers.conv1</c>.</summary>
internal static class Settings
{
    private const int HexDigits = 12;

    /// <summary>What fixes a run, setting by setting. Of a layer its description alone: its output and parameters follow.</summary>
    /// <param name="result">From a manifest.</param>
    public static EquatableArray<(string Name, JsonNode? Value)> Of(ManifestResult result) =>
        Flat("", JsonSerializer.SerializeToNode(result, ManifestJson.Configured.ManifestResult))
            .Where(setting => !setting.Name.StartsWith("configuration.network.layers.", StringComparison.Ordinal) || setting.Name.EndsWith(".layer", StringComparison.Ordinal))
            .Select(setting => (Name: setting.Name.StartsWith("configuration.", StringComparison.Ordinal) ? setting.Name["configuration.".Length..] : setting.Name, setting.Value))
            // A manifest may say that two layers or files have one name.
            .GroupBy(setting => setting.Name)
            .SelectMany(alike => alike.Select((setting, i) => (i == 0 ? setting.Name : $"{setting.Name} ({i + 1})", setting.Value)))
            .ToEquatableArray();

    /// <summary>Where a run was made, without what is another at each start.</summary>
    /// <param name="environment">From a manifest.</param>
    public static EquatableArray<(string Name, JsonNode? Value)> Of(ManifestEnvironment environment) =>
        Flat("", JsonSerializer.SerializeToNode(environment, ManifestJson.Configured.ManifestEnvironment))
            .Where(setting => setting.Name is not ("start" or "end" or "command_line"))
            .ToEquatableArray();

    /// <summary>The settings that are not the same in all lists, in order of appearance, with each list's value.</summary>
    /// <param name="settings">The lists.</param>
    public static IReadOnlyList<(string Name, IReadOnlyList<JsonNode?> Values)> Differences(IReadOnlyList<EquatableArray<(string Name, JsonNode? Value)>> settings)
    {
        var values = settings.Select(list => list.ToDictionary(setting => setting.Name, setting => setting.Value)).ToList();
        return
        [
            .. settings.SelectMany(list => list.Select(setting => setting.Name)).Distinct()
                .Select(name => (Name: name, Values: (IReadOnlyList<JsonNode?>)[.. values.Select(list => list.GetValueOrDefault(name))]))
                .Where(setting => setting.Values.Any(value => !JsonNode.DeepEquals(value, setting.Values[0]))),
        ];
    }

    /// <summary>A value for people; hashes are cut short.</summary>
    /// <param name="value">The value.</param>
    public static string Text(JsonNode? value) => value switch
    {
        null => "–",
        JsonArray array => $"[{string.Join(", ", array.Select(Text))}]",
        _ => Short(value.ToString(), HexDigits),
    };

    /// <summary>The first digits of a SHA-256; anything else as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="digits">How many.</param>
    public static string Short(string text, int digits) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower) ? text[..digits] : text;

    private static IEnumerable<(string Name, JsonNode? Value)> Flat(string name, JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Flat(Inside(name, member.Key), member.Value)),
        JsonArray items when items.Count > 0 && items.All(item => item is JsonObject) => items.SelectMany(item => Flat(Inside(name, $"{item!["name"]}"), Nameless(item))),
        _ => [(name, node)],
    };

    private static string Inside(string name, string member) => name.Length == 0 ? member : $"{name}.{member}";

    private static JsonObject Nameless(JsonNode item)
    {
        var copy = item.DeepClone().AsObject();
        copy.Remove("name");
        return copy;
    }
}
