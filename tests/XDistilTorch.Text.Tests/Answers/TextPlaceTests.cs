namespace XDistilTorch;

public class TextPlaceTests
{
    [Theory]
    [InlineData("|", 1, 1)]
    [InlineData("abc|", 1, 4)]
    [InlineData("a\n|b", 2, 1)]
    [InlineData("a\r\n|b", 2, 1)]
    [InlineData("a\r|\nb", 1, 3)]
    [InlineData("a\rb\n\nc|", 4, 2)]
    [InlineData("a\n🍵e\u0301|", 2, 4)]
    public void Lines_and_columns_are_counted_from_one_in_code_points(string marked, int line, int column) =>
        At(marked).Should().Be(new TextPlace(line, column, null));

    [Theory]
    [InlineData("|one\f", 1, 1, 1)]
    [InlineData("one\n\ftw|o\f", 2, 3, 2)]
    [InlineData("one\ftwo\f|", 1, 1, 3)]
    [InlineData("one\f\r\ntwo|", 2, 4, 2)]
    public void Pages_end_at_form_feeds_and_lines_count_through(string marked, int line, int column, int page) =>
        At(marked).Should().Be(new TextPlace(line, column, page));

    [Fact]
    public void It_reads_as_people_say_it()
    {
        At("a\n\fb|").ToString().Should().Be("page 2, line 2, column 2");
        At("a\nb|").ToString().Should().Be("line 2, column 2");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void Positions_outside_the_text_are_refused(int position) =>
        FluentActions.Invoking(() => TextPlace.Of("abc", position)).Should().Throw<ArgumentOutOfRangeException>();

    private static TextPlace At(string marked) =>
        TextPlace.Of(marked.Replace("|", "", StringComparison.Ordinal), marked.IndexOf('|', StringComparison.Ordinal));
}
