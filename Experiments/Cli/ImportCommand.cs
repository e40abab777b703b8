using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Catalog;
using FunctionalLeNet.Experiments.Interop;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary><c>import EXPERIMENT</c>: a run of no steps from weights that another program made; <c>resume --epochs</c> trains on.</summary>
internal static class ImportCommand
{
    // More than any form of the weights needs, and little: what a header claims beyond it is refused before it is read.
    private const long Spare = 16 << 20;

    public static int Run(Invocation.Import command, Session session)
    {
        var (experiment, options) = (command.Options.Applied(command.Experiment) with { Limit = Limit.OfSteps(0) }, command.Options);
        TrainCommand.RequireFree(options.Out, session);
        var most = (4 * sizeof(float) * Cost.Of(experiment.Network).Parameters) + Spare;
        var parameters = ForeignWeights.Fitted(
            experiment.Network, experiment.Name, ForeignWeights.Read(session.Surroundings.FullPath(command.From), command.From, most), command.Renamings, command.From);
        var data = TrainCommand.Checked(experiment, DataAccess.Load(experiment.Data, session));
        using var workspace = new Workspace(options.Threads ?? session.Surroundings.Processors, Numerics.Exact);
        var (folder, _) = TrainCommand.One(experiment, data, options.Seeds.First, options, workspace, session, parameters);
        session.Screen.Note($"'lenet resume {folder} --epochs N' trains on.");
        return ExitCode.Done;
    }
}
