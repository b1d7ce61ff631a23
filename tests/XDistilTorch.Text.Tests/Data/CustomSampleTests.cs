using XDistilTorch.Data;
using XDistilTorch.Testing;

namespace XDistilTorch.Text.Tests.Data;

/// <summary>The data set of samples/custom-qa is what its README says.</summary>
public class CustomSampleTests
{
    private static readonly string Path = System.IO.Path.Combine(GoldenFolder.Repository, "samples", "custom-qa", "questions.json");

    [Fact]
    public void It_has_the_questions_it_promises_and_no_fault()
    {
        var rows = DataCheck.Load(Path, DataUse.Train, out var report);

        report.Faults.Should().BeEmpty();
        rows.Should().HaveCount(220);
        rows.Count(row => row.Answers!.Count == 0).Should().Be(56);
        var texts = rows.GroupBy(row => row.Title).ToList();
        texts.Should().HaveCount(22);
        texts.Should().OnlyContain(text => text.Select(row => row.Context).Distinct().Count() == 1);
        texts.Should().OnlyContain(text => text.First().Context.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= 150);
        texts.Should().OnlyContain(text => text.Count(row => row.Answers!.Count == 0) >= 2);
        rows.Select(row => row.Question).Should().OnlyHaveUniqueItems();
    }
}
