using XDistilTorch.Data;

namespace XDistilTorch.Server.Tests;

/// <summary>Labels are on the disk when they are said to be, once each, and gone on with.</summary>
public sealed class LabelBookTests : IDisposable
{
    private const string Text = "The 🕰 was silent until Marit Osei repaired it.";

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-labels-").FullName;

    private string Labels => Path.Combine(folder, "labels.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static QuestionRow Row(string id, string question = "Who?") =>
        new()
        {
            Id = id,
            Question = question,
            Context = Text,
        };

    private LabelBook Book() => new([Row("a"), Row("b/c d")], Labels);

    [Fact]
    public void A_label_said_again_replaces_the_one_before()
    {
        var book = Book();

        book.Save(book.Find("b/c d")!, null);
        book.Save(book.Find("a")!, new TextSpan(4, 6));
        book.Save(book.Find("b/c d")!, new TextSpan(7, 10));

        var again = Book();
        again.Labelled.Should().Be(2);
        again.Read().Rows.Select(row => row.Answers!.Single().Text).Should().Equal("🕰", "was");
        File.ReadAllLines(Labels).Should().HaveCount(2);
        again.Read().Rows[1].Answers!.Single().Start.Should().Be(6, "files count code points");
    }

    [Theory, InlineData(5, 6), InlineData(4, 4), InlineData(40, 400), InlineData(9, 4)]
    public void What_is_no_stretch_of_the_text_is_refused_and_not_written(int start, int end)
    {
        var book = Book();

        var save = () => book.Save(book.Find("a")!, new TextSpan(start, end));

        save.Should().Throw<ArgumentException>();
        File.Exists(Labels).Should().BeFalse();
    }

    [Fact]
    public void Half_a_line_at_the_end_is_cut_off()
    {
        var book = Book();
        book.Save(book.Find("a")!, new TextSpan(7, 10));
        var whole = File.ReadAllText(Labels);
        File.AppendAllText(Labels, "{\"id\":\"b/c d\",\"question\":\"W");

        Book().Labelled.Should().Be(1);

        File.ReadAllText(Labels).Should().Be(whole);
    }

    [Fact]
    public void A_whole_last_line_without_its_end_is_kept()
    {
        var book = Book();
        book.Save(book.Find("a")!, null);
        book.Save(book.Find("b/c d")!, new TextSpan(7, 10));
        var whole = File.ReadAllText(Labels);
        File.WriteAllText(Labels, whole.TrimEnd('\n'));

        Book().Labelled.Should().Be(2);

        File.ReadAllText(Labels).Should().Be(whole);
    }

    [Theory]
    [InlineData("{\"version\": \"v2.0\", \"data\": []}")]
    [InlineData("[\n  {\"id\": \"a\"},\n  {\"id\": \"b\"}\n]")]
    [InlineData("one line of notes")]
    public void A_file_of_something_else_stays_as_it_is(string content)
    {
        File.WriteAllText(Labels, content);

        this.Invoking(_ => Book()).Should().Throw<DataException>().WithMessage("*labels.jsonl*");

        File.ReadAllText(Labels).Should().Be(content);
    }

    [Fact]
    public void Labels_are_not_packed() =>
        FluentActions
            .Invoking(() => new LabelBook([Row("a")], Path.Combine(folder, "labels.jsonl.gz")))
            .Should()
            .Throw<DataException>()
            .WithMessage("*cannot be packed*");

    [Fact]
    public void A_file_of_other_questions_is_refused()
    {
        var book = Book();
        book.Save(book.Find("a")!, null);

        var open = () => new LabelBook([Row("a", "Where?")], Labels);

        open.Should().Throw<DataException>().WithMessage("*labels.jsonl*a*no such question*--output*");
    }

    [Fact]
    public void Blank_questions_and_none_at_all_are_refused()
    {
        var blank = () => new LabelBook([Row("a", " ")], Labels);
        var none = () => new LabelBook([], Labels);

        blank.Should().Throw<DataException>().WithMessage("*question a is blank*");
        none.Should().Throw<DataException>();
    }
}
