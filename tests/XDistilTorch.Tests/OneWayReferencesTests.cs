using System.Reflection;
using NetArchTest.Rules;

namespace XDistilTorch.Tests;

/// <summary>References point one way: the command line to reports and the library, the library to the managed part, and inside the library from the front door down.</summary>
public class OneWayReferencesTests
{
    private static readonly Assembly Text = typeof(Answer).Assembly;
    private static readonly Assembly Library = typeof(QuestionAnswerer).Assembly;
    private static readonly Assembly Reports = typeof(XDistilTorch.Reports.EvaluationPage).Assembly;

    private static IEnumerable<string?> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(r => r.Name);

    [Fact]
    public void The_managed_part_knows_neither_torch_nor_the_library() =>
        References(Text)
            .Should()
            .NotContain(["TorchSharp", "XDistilTorch", "XDistilTorch.Reports", "ScottPlot", "xdistil", "System.Console"])
            .And.Contain("Microsoft.ML.Tokenizers");

    [Fact]
    public void The_library_knows_no_command_line() =>
        References(Library)
            .Should()
            .NotContain(["xdistil", "XDistilTorch.Reports", "ScottPlot", "System.CommandLine", "Spectre.Console", "System.Console"])
            .And.Contain("XDistilTorch.Text");

    [Fact]
    public void Reports_know_evaluations_trainings_and_plots_but_no_model_and_no_command_line()
    {
        References(Reports)
            .Should()
            .NotContain(["xdistil", "TorchSharp", "System.CommandLine", "Spectre.Console", "System.Console"])
            .And.Contain(["XDistilTorch.Text", "XDistilTorch", "ScottPlot"]);
        var models = Types
            .InAssembly(Reports)
            .ShouldNot()
            .HaveDependencyOnAny("XDistilTorch.Modeling", "XDistilTorch.Checkpoints", "XDistilTorch.Engines", "XDistilTorch.Native")
            .GetResult();
        (models.FailingTypeNames ?? []).Should().BeEmpty("reports know records only");
    }

    [Fact]
    public void Formats_know_no_command_line_and_models_only_to_write_them_as_graphs()
    {
        var formats = typeof(Formats.QuestionFile).Assembly;
        References(formats)
            .Should()
            .NotContain(["xdistil", "XDistilTorch.Reports", "System.CommandLine", "System.Console"])
            .And.Contain(["XDistilTorch.Text", "XDistilTorch", "Parquet", "CsvHelper", "ZstdSharp", "Google.Protobuf"]);
        var result = Types
            .InAssembly(formats)
            .That()
            .DoNotResideInNamespace("XDistilTorch.Formats.Onnx")
            .ShouldNot()
            .HaveDependencyOnAny(
                "TorchSharp",
                "XDistilTorch.Modeling",
                "XDistilTorch.Checkpoints",
                "XDistilTorch.Engines",
                "Google.Protobuf"
            )
            .GetResult();
        (result.FailingTypeNames ?? []).Should().BeEmpty("question files need no torch");
    }

    [Fact]
    public void Only_the_server_and_the_command_line_know_the_web() =>
        References(Text)
            .Concat(References(Library))
            .Concat(References(Reports))
            .Concat(References(typeof(Formats.QuestionFile).Assembly))
            .Should()
            .NotContain(name => name == "XDistilTorch.Server" || name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void The_managed_part_and_the_library_know_no_formats() =>
        References(Text).Concat(References(Library)).Should().NotContain(["XDistilTorch.Formats", "Parquet", "CsvHelper", "ZstdSharp"]);

    public static TheoryData<string, string[]> Arrows =>
        new()
        {
            {
                "XDistilTorch.Numerics",
                ["TorchSharp", "XDistilTorch.Native", "XDistilTorch.Modeling", "XDistilTorch.Checkpoints", "XDistilTorch.Engines"]
            },
            {
                "XDistilTorch.Native",
                ["XDistilTorch.Modeling", "XDistilTorch.Checkpoints", "XDistilTorch.Engines", "XDistilTorch.QuestionAnswerer"]
            },
            {
                "XDistilTorch.Checkpoints",
                ["XDistilTorch.Modeling", "XDistilTorch.Engines", "XDistilTorch.QuestionAnswerer", "XDistilTorch.Tokenization"]
            },
            {
                "XDistilTorch.Modeling",
                [
                    "XDistilTorch.Checkpoints",
                    "XDistilTorch.Engines",
                    "XDistilTorch.QuestionAnswerer",
                    "XDistilTorch.PretrainedModel",
                    "XDistilTorch.Tokenization",
                ]
            },
            { "XDistilTorch.Engines", ["XDistilTorch.Checkpoints", "XDistilTorch.QuestionAnswerer", "XDistilTorch.PretrainedModel"] },
        };

    [Theory, MemberData(nameof(Arrows))]
    public void Inside_the_library_arrows_point_down(string from, string[] forbidden)
    {
        var types = Types.InAssembly(Library).That().ResideInNamespace(from);
        types.GetTypes().Should().NotBeEmpty();

        var result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        (result.FailingTypeNames ?? []).Should().BeEmpty($"{from} may not know {string.Join(", ", forbidden)}");
    }
}
