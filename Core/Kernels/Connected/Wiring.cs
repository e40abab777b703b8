using FunctionalLeNet.Core.Tensors;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>A connection table laid out for loops: connections by output, which is their own order, and by input.</summary>
internal sealed class Wiring
{
    /// <summary>The layout of a table.</summary>
    /// <param name="inputs">How many input maps there are.</param>
    /// <param name="rows">For each output map its input maps.</param>
    public Wiring(int inputs, EquatableArray<EquatableArray<int>> rows)
    {
        (Inputs, Outputs) = (inputs, rows.Count);
        var connections = rows.SelectMany((row, output) => row.Select(input => (Input: input, Output: output))).ToArray();
        Input = [.. connections.Select(connection => connection.Input)];
        Output = [.. connections.Select(connection => connection.Output)];
        First = [.. Enumerable.Range(0, Outputs + 1).Select(output => connections.Count(connection => connection.Output < output))];
        ByInput = [.. Enumerable.Range(0, Inputs).SelectMany(input => connections.Index().Where(connection => connection.Item.Input == input).Select(connection => connection.Index))];
        FirstByInput = [.. Enumerable.Range(0, Inputs + 1).Select(input => connections.Count(connection => connection.Input < input))];
    }

    private Wiring(int inputs, int outputs)
    {
        (Inputs, Outputs, Input, Output, ByInput) = (inputs, outputs, new int[inputs * outputs], new int[inputs * outputs], new int[inputs * outputs]);
        (First, FirstByInput) = (new int[outputs + 1], new int[inputs + 1]);
        for (var connection = 0; connection < Count; connection++)
        {
            (Output[connection], Input[connection]) = Math.DivRem(connection, inputs);
            ByInput[(Input[connection] * outputs) + Output[connection]] = connection;
        }

        for (var output = 0; output <= outputs; output++)
            First[output] = output * inputs;
        for (var input = 0; input <= inputs; input++)
            FirstByInput[input] = input * outputs;
    }

    /// <summary>The layout of a table in which every output sees every input: a few hundred numbers, quicker made than kept.</summary>
    /// <param name="inputs">Input maps.</param>
    /// <param name="outputs">Output maps.</param>
    public static Wiring Full(int inputs, int outputs) => new(inputs, outputs);

    /// <summary>Input maps.</summary>
    public int Inputs { get; }

    /// <summary>Output maps.</summary>
    public int Outputs { get; }

    /// <summary>How many connections there are.</summary>
    public int Count => Input.Length;

    /// <summary>The input map of each connection.</summary>
    public int[] Input { get; }

    /// <summary>The output map of each connection.</summary>
    public int[] Output { get; }

    /// <summary>Each output map's first connection, and at the end their number.</summary>
    public int[] First { get; }

    /// <summary>The connections of input map 0, then those of 1, and so on, each map's in the order of outputs.</summary>
    public int[] ByInput { get; }

    /// <summary>Each input map's first place in <see cref="ByInput"/>, and at the end their number.</summary>
    public int[] FirstByInput { get; }
}
