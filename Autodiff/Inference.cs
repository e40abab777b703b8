using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Core.Layers;
using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Autodiff;

/// <summary>
/// The interpreter that computes, for many batches with the same parameters: layers are read and weights packed once, and no graph is built. The outputs have
/// the bits of <see cref="Forward"/>.
/// </summary>
/// <remarks>Few samples go through the layers one after another on one thread. Of many, each thread takes some and carries them through all layers by itself.</remarks>
#pragma warning disable CA1001 // The arena gives its memory back when it is collected: a prepared network is a value, and nobody need dispose of it.
public sealed class Inference
#pragma warning restore CA1001
{
    // Samples that one thread carries through the layers at once: their intermediates stay in its second-level cache.
    private const int Chunk = 64;

    private readonly Network _network;
    private readonly Tree<Tensor> _parameters;
    private readonly Shape _output;
    private readonly Arena _weights = new();
    private readonly IReadOnlyList<(FewStage Stage, int Outputs)>? _stages;

    private Inference(Network network, Tree<Tensor> parameters)
    {
        (_network, _parameters, _output) = (network, parameters, Shapes.Output(network));
        using var workspace = new Workspace();
        _stages = Stages(workspace);
    }

    /// <summary>A network made ready.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <exception cref="ShapeException">A layer cannot take what comes in.</exception>
    public static Inference Prepare(Network network, Tree<Tensor> parameters) => new(network, parameters);

    /// <summary>The network applied to a batch, as a value.</summary>
    /// <param name="batch">The samples, <c>[N, …]</c> with the network's input shape.</param>
    /// <param name="workspace">Threads and memory.</param>
    /// <returns>The network's output, <c>[N, …]</c>.</returns>
    /// <exception cref="ArgumentException">The samples have another shape.</exception>
    public Tensor Of(Tensor batch, Workspace workspace)
    {
        try
        {
            return Copies.Own(Inside(batch, workspace));
        }
        finally
        {
            workspace.Evaluation.Empty();
        }
    }

    /// <summary>The same with the output left in the workspace's memory, which the caller empties.</summary>
    internal Tensor Inside(Tensor batch, Workspace workspace)
    {
        if (batch.Shape.Rest != _network.Input)
            throw new ArgumentException($"The network takes samples of shape {_network.Input}, but found {batch.Shape.Rest}.", nameof(batch));
        var inside = workspace.In(workspace.Evaluation);
        var x = Copies.Grouped(inside, batch);
        var y = workspace.Numerics != Numerics.Exact ? General(x, inside)
            : x.Block.Lanes == 1 && _stages is not null ? FewStages.Run(inside, _stages, x, _output.Prepend(x.Shape.First))
            : x.Shape.First <= Chunk || x.Block.Lanes == 1 ? General(x, inside)
            : SampleChunks.Run(inside, x, _output, Chunk, General);
        // The stages know only the addresses of the packed weights: until here they must not be given back.
        GC.KeepAlive(this);
        return y;
    }

    private Tensor General(Tensor x, Workspace inside) =>
        Forward.Apply(_network, _parameters.Map(parameter => Node.Constant(inside, parameter)), Node.Constant(inside, x), new Mode.Evaluation()).Held;

    /// <summary>A kernel call for each layer, or for several that can be computed together; nothing where there is a layer that has none.</summary>
    private List<(FewStage Stage, int Outputs)>? Stages(Workspace workspace)
    {
        var (stages, layers) = (new List<(FewStage, int)>(), Shapes.Of(_network));
        for (var place = 0; place < layers.Count;)
        {
            var (step, taken) = (layers[place], 1);
            var rectified = At(place + 1) is Layer.Rectifier;
            FewStage? stage = null;
            if (step.Layer is Layer.Convolution { Connections: null } convolution)
            {
                var pooled = place + (rectified ? 2 : 1);
                ConvolutionGeometry? pool = At(pooled) is Layer.MaximumPooling pooling ? Shapes.Geometry(pooling, layers[pooled].Input, layers[pooled].Path) : null;
                taken = pooled - place + (pool is null ? 0 : 1);
                stage = FewStages.Convolution(workspace, _weights, Weight(step), Bias(step), Shapes.Geometry(convolution, step.Input, step.Path), rectified, pool);
            }
            else if (step.Layer is Layer.Linear)
            {
                taken = rectified ? 2 : 1;
                stage = FewStages.Linear(_weights, Weight(step), Bias(step), rectified);
            }
            else if (step.Layer is Layer.Flatten { Order: FlattenOrder.ChannelsFirst } or Layer.Dropout)
            {
                // The memory is the same.
                place++;
                continue;
            }

            if (stage is null)
                return null;
            place += taken;
            stages.Add((stage, layers[place - 1].Output.Count));
        }

        return stages.Count > 0 ? stages : null;

        Layer? At(int place) => place < layers.Count ? layers[place].Layer : null;
        Tensor Weight(LayerShape step) => Parameter(step, "weight");
        Tensor Bias(LayerShape step) => Parameter(step, "bias");
        Tensor Parameter(LayerShape step, string name) => _parameters.At(step.Path)[name].AsLeaf();
    }
}
