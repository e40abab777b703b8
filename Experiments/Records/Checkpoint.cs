using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Core.Random;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Records;

/// <summary>A moment of a run as a file, <c>checkpoints/&lt;step&gt;.safetensors</c>: going on from it gives the bits of a run that never stopped.</summary>
/// <remarks>
/// Trees of tensors stand under <c>parameters/…</c> and <c>optimizer/&lt;name&gt;/…</c>, so an optimizer may remember whatever is a tree; the words of mt19937 are
/// <c>random/words</c>, the order of an epoch under way is <c>order</c>, single numbers are metadata. The first entry of the metadata is the SHA-256 of the whole
/// file with 64 zeros in its place: by it a file that is torn or damaged is known.
/// </remarks>
/// <param name="Run">The run that it belongs to: <see cref="ManifestResult.IdentityAt"/>.</param>
/// <param name="State">The moment.</param>
/// <param name="Spent">The time so far.</param>
internal sealed record Checkpoint(string Run, TrainingState State, Spent Spent)
{
    /// <summary>The version of this form.</summary>
    public const int Schema = 1;

    private const string HashKey = "sha256";
    private const string SchemaKey = "checkpoint_schema";
    private const string RunKey = "run";
    private const string Parameters = "parameters";
    private const string Moment = "optimizer/";
    private const string Number = "optimizer_number/";
    private const string KeyPrefix = "key/";
    private const string Words = "random/words";
    private const string Order = "order";
    private static readonly string Zeros = new('0', 64);

    // The header's length in eight bytes, then the JSON begins.
    private static readonly int HashPlace = sizeof(long) + $"{{\"__metadata__\":{{\"{HashKey}\":\"".Length;

    /// <summary>The file's bytes; the same checkpoint gives the same bytes.</summary>
    public byte[] ToBytes()
    {
        var (position, random) = (State.Position, State.Random);
        var bytes = SafeTensors.Write(new(
            [
                .. Leaves(Parameters, State.Parameters),
                .. State.Optimizer.Moments.SelectMany(moment => Leaves(Moment + moment.Name, moment.Values)),
            ],
            [
                (HashKey, Zeros),
                (SchemaKey, Text(Schema)),
                (RunKey, Run),
                ("step", Text(position.Step)),
                ("epoch", Text(position.Epoch)),
                ("epoch_samples", Text(position.Totals.Samples)),
                ("epoch_loss", Text(position.Totals.Loss)),
                ("epoch_correct", Text(position.Totals.Correct)),
                ("optimizer_steps", Text(State.Optimizer.Steps)),
                .. State.Optimizer.Numbers.Select(number => (Number + number.Name, Text(number.Value))),
                ("random_position", Text(random.Position)),
                ("random_has_cached_normal", random.HasCachedNormal ? "true" : "false"),
                ("random_cached_normal", Text(random.CachedNormal)),
                ("seconds_of_epoch", Text(Spent.Epoch.TotalSeconds)),
                ("seconds", Text(Spent.Run.TotalSeconds)),
            ])
        {
            Integers =
            [
                (Words, random.Words.ToEquatableArray()),
                (Order, position.Order.Select(index => (uint)index).ToEquatableArray()),
                .. State.Keys.Select(key => (KeyPrefix + key.Name, (EquatableArray<uint>)[key.Key.K0, key.Key.K1])),
            ],
        });
        Encoding.ASCII.GetBytes(Hash(bytes)).CopyTo(bytes, HashPlace);
        return bytes;
    }

    /// <summary>Whether bytes are a checkpoint of which nothing is missing and nothing was changed, whatever is in it.</summary>
    /// <param name="bytes">The file.</param>
    public static bool IsWhole(byte[] bytes) =>
        bytes.Length >= HashPlace + Zeros.Length && Encoding.ASCII.GetString(bytes, HashPlace, Zeros.Length) == Hash(bytes);

    /// <summary>Reads a whole checkpoint.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">It is damaged, of a newer form, or holds what no run writes.</exception>
    public static Checkpoint OfBytes(byte[] bytes, string file)
    {
        if (!IsWhole(bytes))
            throw new DataException(file, "this is no whole checkpoint: its bytes have another SHA-256 than the one in it", advice: "An older checkpoint of the run may be whole.");
        var content = SafeTensors.Read(bytes, file);
        var facts = new Facts(content, file);
        if (facts.Whole(SchemaKey, 1, int.MaxValue) is var schema && schema > Schema)
            throw new DataException(file, "this checkpoint was written by a newer program", $"form {Schema} or older", Text(schema), "Use a program at least as new as the one that wrote the run.");
        try
        {
            var words = facts.Row(Words);
            return new(
                facts.Of(RunKey),
                new TrainingState(
                    Under(content, Parameters),
                    new OptimizerState(facts.Whole("optimizer_steps", 0, long.MaxValue), Moments(content))
                    {
                        Numbers = content.Metadata.Where(entry => entry.Key.StartsWith(Number, StringComparison.Ordinal)).Select(entry => (entry.Key[Number.Length..], facts.Real(entry.Key))).ToEquatableArray(),
                    },
                    new TorchGenerator(words.Items, (int)facts.Whole("random_position", 1, TorchGenerator.StateWords), facts.Of("random_has_cached_normal") == "true", facts.Real("random_cached_normal")),
                    new Position(
                        facts.Whole("step", 0, long.MaxValue),
                        (int)facts.Whole("epoch", 0, int.MaxValue),
                        facts.Row(Order).Select(index => checked((int)index)).ToEquatableArray(),
                        new(facts.Whole("epoch_samples", 0, long.MaxValue), facts.Real("epoch_loss"), facts.Whole("epoch_correct", 0, long.MaxValue))))
                {
                    Keys = content.Integers.Where(row => row.Name.StartsWith(KeyPrefix, StringComparison.Ordinal) && row.Values.Count == 2)
                        .Select(row => (row.Name[KeyPrefix.Length..], new Key(row.Values[0], row.Values[1]))).ToEquatableArray(),
                },
                new(TimeSpan.FromSeconds(facts.Real("seconds_of_epoch")), TimeSpan.FromSeconds(facts.Real("seconds"))));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new DataException(file, "this checkpoint holds a state that no run can be in", found: e.Message.TrimEnd('.'));
        }
    }

    private static IEnumerable<(string, Tensor)> Leaves(string under, Tree<Tensor> tree) => tree.Leaves.Select(leaf => ($"{under}/{leaf.Path}", leaf.Value));

    private static EquatableArray<(string, Tree<Tensor>)> Moments(SafeTensorsFile content) =>
        content.Tensors.Where(tensor => tensor.Name.StartsWith(Moment, StringComparison.Ordinal))
            .Select(tensor => tensor.Name[Moment.Length..].Split('/')[0]).Distinct()
            .Select(name => (name, Under(content, Moment + name))).ToEquatableArray();

    private static Tree<Tensor> Under(SafeTensorsFile content, string name) => Tree.OfLeaves(
        content.Tensors.Where(tensor => tensor.Name.StartsWith(name + '/', StringComparison.Ordinal)).Select(tensor => (tensor.Name[(name.Length + 1)..], tensor.Values)));

    private static string Hash(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes, 0, HashPlace);
        hash.AppendData(Encoding.ASCII.GetBytes(Zeros));
        hash.AppendData(bytes, HashPlace + Zeros.Length, bytes.Length - HashPlace - Zeros.Length);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(IFormattable number) => number.ToString(number is double ? "R" : null, CultureInfo.InvariantCulture);

    /// <summary>What a checkpoint says about itself, each missing or senseless fact an error.</summary>
    private sealed record Facts(SafeTensorsFile Content, string File)
    {
        public string Of(string key) => Content.Metadata.Where(entry => entry.Key == key).Select(entry => entry.Text).FirstOrDefault() ?? throw Missing(key);

        public long Whole(string key, long least, long most) =>
            long.TryParse(Of(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : throw Wrong(key, $"a whole number from {least} to {most}");

        public double Real(string key) =>
            double.TryParse(Of(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(key, "a number");

        public EquatableArray<uint> Row(string name) => Content.Integers.Any(row => row.Name == name) ? Content.Integers.First(row => row.Name == name).Values : throw Missing(name);

        private DataException Missing(string key) => new(File, $"this is no checkpoint of a run: it has no '{key}'");

        private DataException Wrong(string key, string expected) => new(File, $"the checkpoint's '{key}' makes no sense", expected, Of(key));
    }
}
