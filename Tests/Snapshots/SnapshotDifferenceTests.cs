namespace FunctionalLeNet.Tests.Snapshots;

public class SnapshotDifferenceTests
{
    [Fact]
    public void A_difference_is_located_shown_and_can_be_accepted_by_one_command()
    {
        var text = SnapshotDifference.Explain("== a: [1]\n  1\n\n== b: [1]\n  2", "== a: [1]\n  1\n\n== b: [1]\n  3", "/s/T.received.txt", "/s/T.verified.txt");
        var lines = text.Split('\n');
        Assert.Equal(["T.verified.txt differs from line 5 on.", "The first to differ: b: [1]"], lines[..2]);
        Assert.Contains("-  2", lines);
        Assert.Contains("+  3", lines);
        Assert.Contains("  mv '/s/T.received.txt' '/s/T.verified.txt'", lines);
    }

    [Fact]
    public void A_snapshot_that_is_not_there_yet_is_said_to_be_new() =>
        Assert.StartsWith("There is no snapshot T.verified.txt yet.", SnapshotDifference.Explain("", "text", "/s/T.received.txt", "/s/T.verified.txt"), StringComparison.Ordinal);

    [Fact]
    public void A_long_difference_is_cut()
    {
        var text = SnapshotDifference.Explain("x", string.Join('\n', Enumerable.Range(0, 500)), "received", "verified");
        Assert.Contains("more lines of difference", text, StringComparison.Ordinal);
        Assert.InRange(text.Split('\n').Length, 60, 70);
    }

    [Fact]
    public void Names_follow_Verify() =>
        Assert.Equal("LayersTests.A_digit_experiment=a-b-c", SnapshotFiles.Name(SnapshotFiles.Method("LayersTests", "A_digit"), ["a/b:c"]));
}
