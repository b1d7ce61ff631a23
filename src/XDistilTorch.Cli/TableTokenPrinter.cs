using System.Globalization;
using Spectre.Console;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Cli;

/// <summary>A table of tokens for people.</summary>
internal sealed class TableTokenPrinter(IAnsiConsole console, BertTokenizer tokenizer) : ITokenPrinter
{
    public void Print(Encoding encoding, TextRow row) => Print(Tokens.Of(encoding), row);

    public void Print(IReadOnlyList<TokenWindow> windows, TextRow row)
    {
        foreach (var window in windows)
        {
            console.MarkupLineInterpolated(
                CultureInfo.InvariantCulture,
                $"window {window.Index + 1} of {windows.Count}, {window.Length} tokens"
            );
            Print(Tokens.Of(window, tokenizer), row);
        }
    }

    private void Print(Tokens tokens, TextRow row)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("#", "id", "token", "type", "word", "from", "to", "in the text");
        foreach (var column in new[] { 0, 1, 3, 4, 5, 6 })
            table.Columns[column].RightAligned().NoWrap();
        for (var i = 0; i < tokens.Ids.Length; i++)
        {
            var (span, sequence) = (tokens.Offsets[i], tokens.SequenceIds[i]);
            table.AddRow(
                Number(i),
                Number(tokens.Ids[i]),
                tokens.Texts[i].EscapeMarkup(),
                Number(tokens.TypeIds[i]),
                tokens.WordIds[i] < 0 ? "" : Number(tokens.WordIds[i]),
                sequence < 0 ? "" : Number(span.Start),
                sequence < 0 ? "" : Number(span.End),
                sequence < 0 ? "" : PlainText.OnOneLine(span.Of(sequence == 1 ? row.Pair! : row.Text)).EscapeMarkup()
            );
        }
        console.Write(table);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
