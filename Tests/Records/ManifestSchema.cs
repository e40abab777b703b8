using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Xml.Linq;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Records;

namespace FunctionalLeNet.Tests.Records;

/// <summary>The JSON schema of a manifest, made from the types that write it and from their documentation.</summary>
internal static class ManifestSchema
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(Manifest).Assembly.Location, ".xml"));

    public static string Text
    {
        get
        {
            var schema = new JsonObject
            {
                ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
                ["title"] = "manifest.json of a run of FunctionalLeNet",
                ["description"] = $"Form {ManifestResult.Schema}. Made from the program's types; a test holds that it is theirs.",
            };
            foreach (var (name, value) in Of(typeof(Manifest)).AsObject().ToList())
                schema[name] = value?.DeepClone();
            return schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }) + "\n";
        }
    }

    private static JsonNode Of(Type type) => ManifestJson.Configured.Options.GetTypeInfo(type).GetJsonSchemaAsNode(Options);

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = context.TypeInfo.Type;
        var schema = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>)
            ? new JsonObject { ["type"] = "array", ["items"] = Of(type.GenericTypeArguments[0]) }
            : node;
        if (context.PropertyInfo is { } property && schema is JsonObject described && Description(property.DeclaringType, property.Name) is { Length: > 0 } text)
            described.Insert(0, "description", text);
        return schema;
    }

    /// <summary>What a record says of its parameter; an optimizer's record says it in the settings that it mirrors.</summary>
    private static string Description(Type declaring, string jsonName)
    {
        var name = declaring.GetProperties().FirstOrDefault(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == jsonName)?.Name ?? (jsonName == "dotnet" ? "DotNet" : jsonName);
        var member = Documentation.Descendants("member").FirstOrDefault(candidate => (string?)candidate.Attribute("name") == $"T:{declaring.FullName!.Replace('+', '.')}");
        var parameter = member?.Elements("param").FirstOrDefault(candidate => (string?)candidate.Attribute("name") == name);
        parameter ??= Documentation.Descendants("member").FirstOrDefault(candidate => (string?)candidate.Attribute("name") == $"P:{declaring.FullName!.Replace('+', '.')}.{name}")?.Element("summary");
        return parameter is null ? "" : string.Join(' ', string.Concat(parameter.Nodes().Select(node => node is XElement element ? (element.Attribute("cref")?.Value.Split('.')[^1] ?? element.Value) : node.ToString())).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
    }
}
