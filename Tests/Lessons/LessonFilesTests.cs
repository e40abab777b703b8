namespace FunctionalLeNet.Tests.Lessons;

public class LessonFilesTests
{
    public static TheoryData<string> Lessons => [.. Lesson.All.Select(lesson => lesson.Name)];

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_is_short_begins_alike_and_says_how_to_run_it(string name)
    {
        var lines = new Lesson(name).Lines;
        Assert.Equal(["#:project ../Experiments.csproj", ""], lines[..2]);
        Assert.StartsWith($"// Lesson {int.Parse(name[..2], null)}: ", lines[2], StringComparison.Ordinal);
        Assert.EndsWith($"dotnet run Experiments/Lessons/{name}.cs", lines[2], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 50, 150);
    }

    [Fact]
    public void Lessons_are_numbered_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, Lesson.All.Count()).Select(number => $"{number:00}"), Lesson.All.Select(lesson => lesson.Name[..2]));
}
