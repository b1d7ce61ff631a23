using System.Text;

namespace XDistilTorch.Bench;

/// <summary>Rows of an invented text, always the same, in a temporary file of JSON lines.</summary>
internal sealed class InventedRows : IDisposable
{
    private static readonly string[] Words =
        "the keeper of a lamp on northern pier wrote in his journal that winter came early and ships waited for three nights while Marit Osei repaired the clock, counted barrels, painted boats (seven) and sold tea at 14:30 to travellers from Vellmora".Split(
            ' '
        );

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-bench-").FullName;
    private readonly Random random = new(11);

    /// <param name="rows">How many.</param>
    /// <param name="words">How many words the context of a row has.</param>
    public InventedRows(int rows, Func<Random, int> words)
    {
        using var file = new StreamWriter(Path);
        for (var i = 0; i < rows; i++)
        {
            var length = words(random);
            file.Write(FormattableString.Invariant($$"""{"id":"row-{{i}}","question":"{{Text(6)}}?","context":"{{Text(length)}}"}"""));
            file.Write('\n');
        }
    }

    public string Path => Output("rows.jsonl");

    /// <summary>A file in the same temporary folder.</summary>
    public string Output(string name) => System.IO.Path.Combine(folder, name);

    /// <summary>Contexts of a sentence or two.</summary>
    public static int Short(Random random) => random.Next(8, 20);

    /// <summary>From a sentence to a page, as reading-comprehension rows are: windows of 177 tokens in the mean.</summary>
    public static int Mixed(Random random) =>
        (int)
            Math.Clamp(
                118 * Math.Exp(0.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())),
                12,
                700
            );

    /// <summary>Contexts that fill a window of 384 tokens, and a second one.</summary>
    public static int Long(Random random) => 560;

    private string Text(int words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
            text.Append(
                    i == 0 ? ""
                    : i % 13 == 0 ? ". "
                    : " "
                )
                .Append(Words[random.Next(Words.Length)]);
        return text.ToString();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
