using System.Text;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Reports;
using FunctionalLeNet.Experiments.Reports.Page;
using FunctionalLeNet.Experiments.Reports.Plots;
using FunctionalLeNet.Experiments.Training;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary><c>report RUN</c>: a finished run's report, written again.</summary>
internal static class ReportCommand
{
    public static int Run(Invocation.Report command, Session session)
    {
        var found = RunAccess.Read(command.Run, session);
        using var taken = RunLock.Take(found.Path, session.Surroundings.Now());
        // Read again: another process may have gone on with it until the lock was ours.
        var run = RunAccess.Read(command.Run, session);
        if (!run.IsSealed)
            throw new Failure($"{run.Name} has not finished, and a report tells of a whole run: 'lenet resume {run.Name}' goes on with it, 'lenet evaluate {run.Name}' shows how good it is so far.");
        var (experiment, data) = RunAccess.Load(run, command.Data, session);
        var (plan, parameters) = (RunAccess.Plan(run, experiment, data), RunAccess.Parameters(run, session));
        using var workspace = new Workspace(session.Surroundings.Processors, run.Manifest.Result.ToNumerics());
        var test = Evaluate.Of(experiment.Network, parameters, plan.Test, workspace, experiment.Loss);
        foreach (var (file, bytes) in Files(RunReport.Of(run, plan, parameters, test), command.Figures))
        {
            RunSums.Replace(run.Path, file, () => Write(run.Path, file, bytes));
            session.Screen.Event(ExportedFile.Of("written", run, file, bytes), CommandJson.Configured.ExportedFile);
            session.Screen.Line(FormattableString.Invariant($"Wrote {run.Name}/{file}, {bytes.Length:N0} bytes."));
        }

        return ExitCode.Done;
    }

    /// <summary>A report's files, by their names from the run's folder.</summary>
    /// <param name="report">The report.</param>
    /// <param name="figures">Whether its pictures are files too.</param>
    public static IEnumerable<(string File, byte[] Bytes)> Files(RunReport report, bool figures) =>
        (figures ? Figures.All(report) : []).SelectMany(FigureFiles).Prepend((RunFolder.ReportFile, Encoding.UTF8.GetBytes(ReportPage.Of(report))));

    private static IEnumerable<(string File, byte[] Bytes)> FigureFiles(Figure figure)
    {
        var name = $"{RunFolder.FiguresFolder}/{figure.Name}";
        yield return ($"{name}.png", figure.ToPicture().ToPng());
        if (figure is Figure.Drawn drawn)
            yield return ($"{name}.svg", Encoding.UTF8.GetBytes(SvgPlot.File(drawn.Plot, drawn.Name, drawn.Alternative)));
    }

    /// <summary>Writes a file of a report.</summary>
    /// <param name="run">The run's folder, absolute.</param>
    /// <param name="file">The file's name from there.</param>
    /// <param name="bytes">What it holds.</param>
    public static void Write(string run, string file, byte[] bytes)
    {
        var path = Path.Combine(run, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, bytes);
    }
}
