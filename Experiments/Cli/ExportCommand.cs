using System.Security.Cryptography;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Tensors;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Interop.Onnx;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>A file that was written, the line of <c>export --json</c> and <c>layers --json</c>, and a line of <c>report --json</c>.</summary>
internal sealed record ExportedFile(string Event, string Run, string File, long Bytes, string Sha256)
{
    /// <summary>A file and its fingerprint.</summary>
    public static ExportedFile Of(string happened, StoredRun run, string file, byte[] bytes) => new(happened, run.Name, file, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
}

/// <summary><c>export RUN</c>: a run's weights, or its logits, for other programs.</summary>
internal static class ExportCommand
{
    public static int Run(Invocation.Export command, Session session)
    {
        var run = RunAccess.Read(command.Run, session);
        var file = Target(command.To, run, session);
        var bytes = command.Logits ? Npz.Write(Logits(command, run, session)) : Weights(command.To, run, session);
        return Write(run, command.To, file, bytes, session);
    }

    /// <summary>Writes a file whole and says so.</summary>
    internal static int Write(StoredRun run, string name, string file, byte[] bytes, Session session)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, bytes);
        session.Screen.Event(ExportedFile.Of("exported", run, name, bytes), CommandJson.Configured.ExportedFile);
        session.Screen.Line(FormattableString.Invariant($"Wrote {name}, {bytes.Length:N0} bytes."));
        return ExitCode.Done;
    }

    /// <summary>Where a file is to be written: not into the run, which would then no longer be what its sums say.</summary>
    internal static string Target(string to, StoredRun run, Session session)
    {
        var file = session.Surroundings.FullPath(to);
        return Directory.Exists(file) ? throw new Failure($"'{to}' is a folder: --to names a file.")
            : file.StartsWith(run.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? throw new Failure($"'{to}' lies in the run's own folder, to which nothing is added: --to names a file elsewhere.")
            : file;
    }

    private static byte[] Weights(string to, StoredRun run, Session session)
    {
        var experiment = run.Experiment(run.Manifest.Result.Data.Name);
        var (parameters, finished) = (RunAccess.Parameters(run, session), run.IsSealed ? run.Metrics.Finished : null);
        EquatableArray<(string Key, string Text)> facts =
        [
            ("experiment", experiment.Name),
            ("seed", FormattableString.Invariant($"{run.Manifest.Result.Seed}")),
            ("data", run.Manifest.Result.Data.Name),
            ("weights_sha256", Hashes.OfParameters(parameters)),
            .. finished is null ? [] : ((string, string)[])[("logits_sha256", finished.LogitsSha256), ("test_accuracy", finished.TestAccuracy.ToString("R", System.Globalization.CultureInfo.InvariantCulture))],
        ];
        return Ending(to) switch
        {
            ".safetensors" => SafeTensors.Write(SafeTensorsFile.Of(DenseWeights.Of(experiment.Network, parameters), [("format", "pt"), .. facts])),
            ".npz" => Npz.Write(SafeTensorsFile.Of(DenseWeights.Of(experiment.Network, parameters)).Tensors),
            _ => OnnxModel.Of(experiment.Network, parameters, [.. facts, ("images", Images(experiment))]),
        };
    }

    /// <summary>The test set's logits in order, and beside them the labels.</summary>
    private static EquatableArray<(string, Tensor)> Logits(Invocation.Export command, StoredRun run, Session session)
    {
        var (experiment, data) = RunAccess.Load(run, command.Data, session);
        using var workspace = new Workspace(session.Surroundings.Processors, run.Manifest.Result.ToNumerics());
        var test = RunAccess.Plan(run, experiment, data).Test;
        return
        [
            ("logits", Evaluate.Of(experiment.Network, RunAccess.Parameters(run, session), test, workspace, experiment.Loss).Logits),
            ("labels", Tensor.Parameter([test.Count], [.. test.Batch(test.Count).Single().Labels.Select(label => (float)label)])),
        ];
    }

    private static string Images(Experiment experiment)
    {
        var (background, ink) = experiment.Greys;
        var numbers = experiment.Greys == new GreyScale(0, 1) ? "bytes divided by 255" : FormattableString.Invariant($"bytes as numbers from {background} for 0 to {ink} for 255");
        var margin = experiment.Padding == 0 ? "" : FormattableString.Invariant($", {experiment.Padding} {(background == 0 ? "zeros" : FormattableString.Invariant($"times {background}"))} on each side");
        return $"[N, {string.Join(", ", experiment.Network.Input)}]: {numbers}{margin}; white on black";
    }

    /// <summary>A file's ending, which says its format.</summary>
    internal static string Ending(string file) => Path.GetExtension(file).ToLowerInvariant();
}
