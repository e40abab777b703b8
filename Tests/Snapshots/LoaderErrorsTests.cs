using System.Text;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What the readers of files say when a file is wrong: errors are part of the interface.</summary>
[Trait("Category", "Snapshots")]
public class LoaderErrorsTests
{
    private const string Tensor = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

    [Fact]
    public async Task Idx() => await Verify(Messages(
        ("labels where images are expected", () => Images(IdxBytes.Labels(1, 2))),
        ("images where labels are expected", () => Labels(IdxBytes.Images(2))),
        ("another file", () => Labels([1, 2, 3, 4, 5, 6, 7, 8])),
        ("an empty file", () => Labels([])),
        ("half a header", () => Images(IdxBytes.Images(2)[..10])),
        ("no labels", () => Labels(IdxBytes.Labels())),
        ("too many labels", () => Labels(IdxBytes.File(0x801, [uint.MaxValue], []))),
        ("a label out of range", () => Labels(IdxBytes.Labels(1, 2, 10))),
        ("other images than labels", () => Images(IdxBytes.Images(3))),
        ("no rows", () => Images(IdxBytes.Images(2, 0, 2, []))),
        ("too many columns", () => Images(IdxBytes.File(0x803, [2, 3, 1_025], []))),
        ("too many pixels", () => Images(IdxBytes.File(0x803, [2_000, 1_024, 1_024], []), count: 2_000)),
        ("too few bytes", () => Images(IdxBytes.Images(2)[..^1])),
        ("a byte too many", () => Images([.. IdxBytes.Images(2), 0])),
        ("a broken gzip stream", () => Images([.. IdxBytes.Gzip(IdxBytes.Images(2))[..12], .. new byte[20]])),
        ("a gzip stream with something after it", () => Labels([.. IdxBytes.Gzip(IdxBytes.Labels(1)), 1, 2, 3, 4])))).UseDirectory(SnapshotFiles.Folder);

    [Fact]
    public async Task SafeTensors() => await Verify(Messages(
        ("too short", () => Read(new byte[7])),
        ("a header that is too long", () => Read(BitConverter.GetBytes(ulong.MaxValue))),
        ("half a header", () => Read(BitConverter.GetBytes(100L))),
        ("an empty header", () => Read(BitConverter.GetBytes(0L))),
        ("no object", () => Read("[]")),
        ("no JSON", () => Read("{\"a\"")),
        ("text that is no Unicode", () => Read("""{"\ud800":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""")),
        ("a name twice", () => Read("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)),
        ("an entry that is none", () => Read("""{"a":1}""")),
        ("no element type", () => Read("""{"a":{}}""")),
        ("another element type", () => Read(Tensor.Replace("F32", "F16", StringComparison.Ordinal), 4)),
        ("a shape twice", () => Read("""{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4)),
        ("a negative size", () => Read(Tensor.Replace("[1]", "[-1]", StringComparison.Ordinal), 4)),
        ("too many elements", () => Read(Tensor.Replace("[1]", "[65536,65536]", StringComparison.Ordinal), 4)),
        ("a table of whole numbers", () => Read("""{"a":{"dtype":"U32","shape":[1,1],"data_offsets":[0,4]}}""", 4)),
        ("offsets beyond the data", () => Read(Tensor)),
        ("offsets that do not fit the shape", () => Read(Tensor.Replace("[1]", "[2]", StringComparison.Ordinal), 4)),
        ("three offsets", () => Read(Tensor.Replace("[0,4]", "[0,4,8]", StringComparison.Ordinal), 4)),
        ("a gap", () => Read(Tensor.Replace("[0,4]", "[4,8]", StringComparison.Ordinal), 8)),
        ("bytes that are nobody's", () => Read(Tensor, 8)),
        ("metadata that are no text", () => Read("""{"__metadata__":{"a":1}}""")))).UseDirectory(SnapshotFiles.Folder);

    [Fact]
    public async Task Data_sets()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Join(folder.Path, "empty"));
        TinySet.Write(folder, "three", name => name, content => content);
        File.Delete(Path.Join(folder.Path, "three", IdxFolder.Names[3]));
        TinySet.Write(folder, "sizes", name => name, content => content);
        folder.Write(Path.Join("sizes", IdxFolder.Names[2]), IdxBytes.Images(2, 5, 5));
        TinySet.Write(folder, "cache/tiny", name => name, content => content);
        folder.Write(Path.Join("cache/tiny", IdxFolder.Names[1]), IdxBytes.Labels(3, 2, 1));
        var messages = Messages(
            ("a set that nobody knows", () => Load("emnist")),
            ("a folder that is not there", () => IdxFolder.Read(Path.Join(folder.Path, "nowhere"), [])),
            ("an empty folder", () => Load(Path.Join(folder.Path, "empty"))),
            ("one file missing", () => Load(Path.Join(folder.Path, "three"))),
            ("two sizes", () => Load(Path.Join(folder.Path, "sizes"))),
            ("a known set with other bytes", () => Load("tiny")));
        await Verify(messages.Replace(folder.Path, "/…", StringComparison.Ordinal)).UseDirectory(SnapshotFiles.Folder);

        Dataset Load(string data) => DataSets.Load(data, TinySet.Locations(folder), _ => { }, CancellationToken.None);
    }

    [Fact]
    public async Task Runs() => await Verify(Messages(
        ("a manifest that is no JSON", () => Manifest.OfBytes("{"u8.ToArray(), "manifest.json")),
        ("a manifest of a newer program", () => Manifest.OfBytes("""{"result":{"schema_version":1000}}"""u8.ToArray(), "manifest.json")),
        ("metrics that are no events", () => Metrics.OfBytes("{\"event\":\"party\"}\n"u8, "metrics.jsonl")),
        ("a checkpoint that was cut", () => Checkpoint.OfBytes(new byte[100], "checkpoints/5.safetensors")),
        ("no run", () => StoredRun.Find("/", "nowhere")))).UseDirectory(SnapshotFiles.Folder);

    private static string Messages(params (string What, Action Load)[] cases) =>
        string.Join("\n\n", cases.Select(one => $"{one.What}\n  {Assert.Throws<DataException>(one.Load).Message}"));

    private static void Images(byte[] bytes, int count = 2) => Core.Formats.Idx.ReadImages(new MemoryStream(bytes), "images", count);

    private static void Labels(byte[] bytes) => Core.Formats.Idx.ReadLabels(new MemoryStream(bytes), "labels", classes: 10);

    private static void Read(byte[] bytes) => Core.Formats.SafeTensors.Read(bytes, "weights.safetensors");

    private static void Read(string header, int data = 0) => Read([.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[data]]);
}
