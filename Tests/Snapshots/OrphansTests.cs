using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>A snapshot without a test is a defect. What should be there follows from the tests themselves, so a filtered run finds no more orphans than a whole one.</summary>
[Trait("Category", "Snapshots")]
public class OrphansTests
{
    [Fact]
    public void Every_snapshot_belongs_to_a_test()
    {
        var folder = new DirectoryInfo(Path.Join(Path.GetDirectoryName(Here()), SnapshotFiles.Folder));
        var expected = (
            from type in GetType().Assembly.GetTypes()
            where type.IsPublic && type != GetType() && type.CustomAttributes.Any(attribute => attribute.AttributeType == typeof(TraitAttribute))
            from method in type.GetMethods()
            where method.IsDefined(typeof(FactAttribute), inherit: true)
            from arguments in Arguments(method)
            select $"{SnapshotFiles.Name(method, arguments)}.verified.txt").ToHashSet();
        var orphans = folder.EnumerateFiles("*.verified.*").Where(file => !expected.Contains(file.Name)).ToList();
        Assert.NotEmpty(expected);
        if (SnapshotFiles.Accepting)
            orphans.ForEach(orphan => orphan.Delete());
        else
            Assert.True(orphans.Count == 0, $"No test takes these snapshots; delete them:\n{string.Join('\n', orphans.Select(orphan => $"  rm '{orphan.FullName}'"))}");
    }

    private static IEnumerable<IEnumerable<object?>> Arguments(System.Reflection.MethodInfo method) => method.GetParameters().Length == 0
        ? [[]]
        : method.GetCustomAttributes(typeof(DataAttribute), inherit: true).Cast<DataAttribute>().SelectMany(data => data.GetData(method));

    private static string Here([CallerFilePath] string file = "") => file;
}
