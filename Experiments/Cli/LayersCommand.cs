using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary><c>layers RUN</c>: what goes into a network and what every layer puts out, as arrays, for comparison elsewhere.</summary>
internal static class LayersCommand
{
    public static int Run(Invocation.Layers command, Session session)
    {
        var run = RunAccess.Read(command.Run, session);
        var file = ExportCommand.Target(command.To, run, session);
        var (experiment, data) = RunAccess.Load(run, command.Data, session);
        var input = RunAccess.TestImage(experiment, data, command.Sample);
        var outputs = LayerSnapshot.Outputs(experiment.Network, RunAccess.Parameters(run, session), input);
        var arrays = outputs.Select(output => (SafeTensorsFile.NameOf(output.Layer.Path), output.Value)).Prepend(("input", input)).ToEquatableArray();
        return ExportCommand.Write(run, command.To, file, Npz.Write(arrays), session);
    }
}
