using System.Reflection;
using FunctionalLeNet.Autodiff;
using FunctionalLeNet.Core.Tensors;
using PublicApiGenerator;

namespace FunctionalLeNet.Tests.Snapshots;

/// <summary>What users of the libraries compile against: a change of it shows in review.</summary>
[Trait("Category", "Snapshots")]
public class PublicApiTests
{
    [Fact]
    public async Task Core() => await Verify(Api(typeof(Tensor).Assembly)).UseDirectory(SnapshotFiles.Folder);

    [Fact]
    public async Task Autodiff() => await Verify(Api(typeof(Node).Assembly)).UseDirectory(SnapshotFiles.Folder);

    private static string Api(Assembly assembly) => assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).TrimEnd();
}
