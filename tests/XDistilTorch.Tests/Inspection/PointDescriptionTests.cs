using XDistilTorch.Inspection;
using XDistilTorch.Modeling;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public class PointDescriptionTests
{
    [Fact]
    public void The_table_of_the_docs_is_what_the_library_says()
    {
        var table = string.Concat(
            PointDescription.All(1).Select(point => $"| `{point.Name}` | {point.Shape} | {point.Formula} | {point.HuggingFace} |\n")
        );

        File.ReadAllText(Path.Combine(GoldenFolder.Repository, "docs", "inspection.md")).Should().Contain(table);
    }

    [Fact]
    public void Every_point_has_the_shape_that_is_said()
    {
        using var model = TinyModel.Random(dropout: 0);
        using var context = new ForwardContext().Record(Point.All(2));
        using var ids = tensor(new long[] { 2, 5, 6, 3, 9, 3 }).unsqueeze(0);
        using (no_grad())
        using (model.Forward(new BertInput { InputIds = ids }, context)) { }
        Dictionary<string, long> sizes = new()
        {
            ["B"] = 1,
            ["S"] = 6,
            ["H"] = 24,
            ["D"] = 8,
            ["I"] = 48,
            ["heads"] = 3,
            ["2"] = 2,
        };

        foreach (var description in PointDescription.All(2))
            context[description.Point]
                .shape.Should()
                .Equal(description.Shape.Trim('[', ']').Split(", ").Select(name => sizes[name]), description.Name);
    }
}
