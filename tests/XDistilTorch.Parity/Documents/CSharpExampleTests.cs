using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace XDistilTorch.Parity.Documents;

/// <summary>C# that a document shows from its first <c>using</c> on compiles, in a project with implicit usings.</summary>
public class CSharpExampleTests
{
    // What the examples leave to their reader.
    private const string Given = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        global using static Given;

        static class Given
        {
            public static readonly string text = "", folder = "";
            public static readonly CancellationToken token = default;
            public static readonly TorchSharp.torch.Tensor ids = null!, types = null!;
            public static readonly XDistilTorch.QuestionAnswerer answerer = null!;
            public static readonly IEnumerable<XDistilTorch.QuestionInput> questions = [];
            public static readonly IReadOnlyList<XDistilTorch.Data.QuestionRow> rows = [];
            public static readonly IProgress<XDistilTorch.Hub.DownloadProgress> progress = null!;
        }
        """;

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ];

    public static TheoryData<string, string> Examples =>
        [.. Document.All.SelectMany(document => document.Programs.Select(program => (document.Name, program)))];

    [Theory, MemberData(nameof(Examples))]
    public void The_code_shown_compiles(string document, string program)
    {
        var compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(Given), CSharpSyntaxTree.ParseText(program)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)
        );

        var found = compilation.GetDiagnostics(TestContext.Current.CancellationToken);

        found
            .Where(each => each.Severity >= DiagnosticSeverity.Warning)
            .Select(each => each.ToString())
            .Should()
            .BeEmpty($"{document} shows it");
    }
}
