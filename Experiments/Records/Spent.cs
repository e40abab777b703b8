namespace FunctionalLeNet.Experiments.Records;

/// <summary>The time that a run has taken so far, over all the processes that it lived in.</summary>
/// <param name="Epoch">Training alone, in the epoch that is under way.</param>
/// <param name="Run">All of it.</param>
internal readonly record struct Spent(TimeSpan Epoch, TimeSpan Run);
