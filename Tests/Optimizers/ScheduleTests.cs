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

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(3, 0.8)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 14 / 15.0)]
    [InlineData(19, 1 / 15.0)]
    public void A_triangle_rises_and_falls_in_straight_lines(int step, double factor) =>
        Assert.Equal(factor, new Schedule.Triangle(0.25).Factor(step, 20, 0), 1e-12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 0.5)]
    [InlineData(3, 0.1)]
    [InlineData(4, 0.1)]
    [InlineData(9, 0.1)]
    public void A_rate_for_each_pass_holds_as_long_as_it_says_and_the_last_for_good(int pass, double factor) =>
        Assert.Equal(factor, new Schedule.Passes([(2, 1), (1, 0.5), (2, 0.1)]).Factor(0, 100, pass));

    // Warm-up of one step: its top is step 0.
    [Fact]
    public void One_cycle_may_begin_at_its_top() => Assert.Equal(1, new Schedule.OneCycle(WarmUp: 0.1).Factor(0, 10, 0), 1e-12);
}
