using System.Text.Json;
using FunctionalLeNet.Core.Optimizers;
using FunctionalLeNet.Tests.Reference;

namespace FunctionalLeNet.Tests.Optimizers;

/// <summary>Schedules against PyTorch's, which <c>Reference/schedules.py</c> printed.</summary>
public class ScheduleTests
{
    private static readonly Dictionary<string, Schedule> Schedules = new()
    {
        ["stairs"] = new Schedule.Stairs(7, 0.3),
        ["cosine"] = new Schedule.Cosine(),
        ["one-cycle"] = new Schedule.OneCycle(),
        ["one-cycle-40"] = new Schedule.OneCycle(0.4, 10, 100),
        ["warm-up"] = new Schedule.LinearWarmUp(5, new Schedule.Constant()),
    };

    public static TheoryData<string> Names => [.. Schedules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_factors_are_PyTorchs(string name)
    {
        using var numbers = JsonDocument.Parse(File.ReadAllText(ReferenceFile.PathOf("schedules.json")));
        var factors = numbers.RootElement.GetProperty("factors").GetProperty(name).EnumerateArray().Select(factor => factor.GetDouble()).ToList();
        Assert.Equal(40, factors.Count);
        Assert.All(factors.Index(), factor => Assert.Equal(factor.Item, Schedules[name].Factor(factor.Index, factors.Count, 0), 1e-12));
    }

    [Fact]
    public void After_the_warm_up_the_other_schedule_has_the_rest_of_the_run()
    {
        var schedule = new Schedule.LinearWarmUp(10, new Schedule.Cosine());
        Assert.Equal(0.1, schedule.Factor(0, 110, 0), 1e-12);
        Assert.Equal(1, schedule.Factor(10, 110, 0), 1e-12);
        Assert.Equal(0.5, schedule.Factor(60, 110, 0), 1e-12);
    }
}
