using FunctionalLeNet.Tests.Lessons;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What each lesson prints, so that the book cannot rot.</summary>
[Trait("Category", "Snapshots")]
public class LessonsTests
{
    public static TheoryData<string> Lessons => [.. Lesson.All.Select(lesson => lesson.Name)];

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task Output(string lesson) =>
        await Verify(new Lesson(lesson).Output().TrimEnd()).UseDirectory(SnapshotFiles.Folder).UseParameters(lesson);
}
