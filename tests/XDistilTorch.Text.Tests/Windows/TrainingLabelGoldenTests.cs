using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using XDistilTorch.Testing;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Text.Tests.Windows;

/// <summary>Training labels against those derived from the reference tokenizer: 113 examples under four settings.</summary>
public class TrainingLabelGoldenTests
{
    private const string File = "text/tokenizer/features.json";

    // The reference's row may be padded on the left; ours never are.
    private const int Example = 0,
        Cls = 6,
        Start = 7,
        End = 8;

    public static TheoryData<int> Settings =>
        [.. Enumerable.Range(0, GoldenFolder.Has(File) ? Read().GetProperty("results").GetArrayLength() : 0)];

    private static JsonElement Read()
    {
        using var stream = System.IO.File.OpenRead(GoldenFolder.At(File));
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    [Theory, MemberData(nameof(Settings))]
    public void Windows_and_labels_equal_the_reference(int setting)
    {
        GoldenFolder.Require(File);
        var root = Read();
        var result = root.GetProperty("results")[setting];
        var settings = result.GetProperty("settings");
        var options = new WindowOptions(
            settings.GetProperty("max_length").GetInt32(),
            settings.GetProperty("stride").GetInt32(),
            settings.GetProperty("order").GetString() == "context_first",
            SplitSpecialTokens: false
        );
        var tokenizer = BertTokenizer.Create(System.IO.File.ReadLines(GoldenFolder.Require("text/tokenizer/vocab.txt")));
        List<(int Example, TrainingLabel Label)> labels = [];
        using var ids = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var examples = root.GetProperty("examples");
        var padding = settings.GetProperty("padding").GetString() == "max_length" ? options.MaxLength : 0;
        var left = settings.GetProperty("padding_side").GetString() == "left";
        for (var i = 0; i < examples.GetArrayLength(); i++)
            foreach (var (window, label) in Label(examples[i], tokenizer, options))
            {
                labels.Add((i, label));
                ids.AppendData(Bytes(window.Ids, padding, left));
            }

        labels.Count.Should().Be(result.GetProperty("windows").GetInt32());
        labels.Count(l => !l.Label.IsNone).Should().Be(result.GetProperty("windows_with_answer").GetInt32());
        Convert.ToHexStringLower(ids.GetHashAndReset()).Should().Be(result.GetProperty("ids_sha256").GetString());
        labels.Should().Equal(result.GetProperty("rows").EnumerateArray().Select(Expected));
    }

    private static (int, TrainingLabel) Expected(JsonElement row)
    {
        int At(int column) => row[column].GetInt32() - (column == Example ? 0 : row[Cls].GetInt32());
        return (At(Example), new TrainingLabel(At(Start), At(End)));
    }

    private static IEnumerable<(TokenWindow Window, TrainingLabel Label)> Label(
        JsonElement example,
        BertTokenizer tokenizer,
        WindowOptions options
    )
    {
        var answers = example.GetProperty("answers").GetProperty("text");
        TextSpan? answer = null;
        if (answers.GetArrayLength() > 0)
        {
            var at = example.GetProperty("answer_start_utf16")[0].GetInt32();
            answer = new TextSpan(at, at + answers[0].GetString()!.Length);
        }
        return WindowBuilder
            .Build(tokenizer, example.GetProperty("question").GetString()!, example.GetProperty("context").GetString()!, options)
            .Select(window => (window, TrainingLabel.Of(window, answer)));
    }

    private static byte[] Bytes(int[] ids, int padTo, bool left)
    {
        var padded = new int[Math.Max(padTo, ids.Length)];
        ids.CopyTo(padded, left ? padded.Length - ids.Length : 0);
        var bytes = new byte[4 * padded.Length];
        for (var i = 0; i < padded.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), padded[i]);
        return bytes;
    }
}
