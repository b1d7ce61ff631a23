using XDistilTorch.Reports;
using XDistilTorch.Tests.Checkpoints;

namespace XDistilTorch.Tests.Reports;

public sealed class ReportFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_report_appears_when_it_is_whole()
    {
        using (var file = ReportFile.Create(folder.At("r.html"), overwrite: false))
        {
            File.Exists(folder.At("r.html")).Should().BeFalse();
            file.Commit("page é");
        }
        folder.Names.Should().Equal("r.html");
        File.ReadAllText(folder.At("r.html")).Should().Be("page é");
    }

    [Fact]
    public void What_is_not_committed_leaves_nothing()
    {
        ReportFile.Create(folder.At("r.html"), overwrite: false).Dispose();

        folder.Names.Should().BeEmpty();
    }

    [Fact]
    public void A_report_that_is_there_is_kept_unless_told_otherwise()
    {
        folder.Write("r.html", "old");

        Refused(folder.At("r.html")).Should().Match("*r.html: is there already*--overwrite*");
        using (var file = ReportFile.Create(folder.At("r.html"), overwrite: true))
        {
            File.ReadAllText(folder.At("r.html")).Should().Be("old");
            file.Commit("new");
        }
        File.ReadAllText(folder.At("r.html")).Should().Be("new");
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told_at_once()
    {
        Refused(folder.Path).Should().Match("*is a folder*");
        Refused(folder.At("none/r.html")).Should().Match("*none/r.html: cannot be written*");
    }

    private static string Refused(string path) =>
        FluentActions.Invoking(() => ReportFile.Create(path, overwrite: false)).Should().Throw<ReportException>().Which.Message;
}
