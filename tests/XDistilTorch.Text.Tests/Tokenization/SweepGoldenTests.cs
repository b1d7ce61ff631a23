using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Text.Tests.Tokenization;

/// <summary>Every code point but surrogates, alone and between letters.</summary>
public class SweepGoldenTests
{
    private const int BlockBits = 12;

    private sealed record SweepFile(string Single, string[] Between, Dictionary<string, SweepStream> Streams, JsonElement[][] Runs);

    private sealed record SweepStream(string Sha256, string[] Blocks);

    private sealed record VariantFile(Dictionary<string, StringGoldenTests.VariantOptions> Options);

    [Fact]
    public void Every_code_point_alone_and_between_letters_equals_the_reference()
    {
        var sweep = TokenizerGoldens.Read<SweepFile>("sweep.json.gz");
        var variants = sweep.Streams.Keys.Any(stream => stream.Contains(':'))
            ? TokenizerGoldens.Read<VariantFile>("variants.json").Options
            : [];
        var differences = new List<string>();

        Parallel.ForEach(
            sweep.Streams,
            stream =>
            {
                var difference = Difference(stream.Value, Bytes(stream.Key, sweep, variants));
                if (difference is not null)
                    lock (differences)
                        differences.Add($"{stream.Key}: {difference}");
            }
        );

        sweep.Streams.Should().NotBeEmpty();
        differences.Should().BeEmpty();
    }

    [Fact]
    public void Every_run_of_the_sweep_has_the_ids_that_the_file_spells_out()
    {
        var sweep = TokenizerGoldens.Read<SweepFile>("sweep.json.gz");
        var tokenizer = TokenizerGoldens.Tokenizer();
        var mismatches = new Mismatches();
        foreach (var run in sweep.Runs)
        foreach (var codePoint in new[] { run[0].GetInt32(), run[1].GetInt32() }.Distinct())
        {
            var character = char.ConvertFromUtf32(codePoint);
            Check(codePoint, "alone", Single(sweep, character), run[3]);
            Check(codePoint, "between", sweep.Between[0] + character + sweep.Between[1], run[5]);
        }
        mismatches.ShouldBeNone();

        void Check(int codePoint, string where, string text, JsonElement ids)
        {
            var expected = ids.EnumerateArray().Select(id => id.GetInt32());
            var found = tokenizer.Encode(text, WithoutSpecial).Ids;
            mismatches.Check(
                $"U+{codePoint:X4} {where}",
                expected.SequenceEqual(found) ? null : $"expected [{string.Join(' ', expected)}], found [{string.Join(' ', found)}]"
            );
        }
    }

    private static EncodeOptions WithoutSpecial { get; } = new() { AddSpecialTokens = false, SplitSpecialTokens = false };

    /// <summary>The bytes of one stream for one code point, appended to a list.</summary>
    private static Action<int, List<byte>> Bytes(
        string stream,
        SweepFile sweep,
        Dictionary<string, StringGoldenTests.VariantOptions> variants
    )
    {
        var (kind, options) = stream.Split(':') is [var k, var variant] ? (k, variants[variant].ToOptions()) : (stream, null);
        var tokenizer = TokenizerGoldens.Tokenizer(options);
        var between = kind.Contains("between", StringComparison.Ordinal);
        return (codePoint, bytes) =>
        {
            var character = char.ConvertFromUtf32(codePoint);
            var text = between ? sweep.Between[0] + character + sweep.Between[1] : Single(sweep, character);
            if (kind == "normalized")
                AddText(tokenizer.Normalizer!.Normalize(character), bytes);
            else if (kind.StartsWith("ids", StringComparison.Ordinal))
                AddIds(tokenizer.Encode(text, WithoutSpecial), bytes);
            else if (kind.EndsWith("_utf16", StringComparison.Ordinal))
                AddOffsets(tokenizer.Encode(text, WithoutSpecial).Offsets.Select(o => (o.Start, o.End)).ToArray(), bytes);
            else
                AddOffsets(tokenizer.Encode(text, WithoutSpecial).GetCodePointOffsets(), bytes);
        };
    }

    private static string Single(SweepFile sweep, string character) =>
        string.Concat(sweep.Single.Select(letter => letter == 'c' ? character : letter.ToString()));

    private static void AddText(string text, List<byte> bytes)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        bytes.Add((byte)utf8.Length);
        bytes.AddRange(utf8);
    }

    private static void AddIds(XDistilTorch.Tokenization.Encoding encoding, List<byte> bytes)
    {
        Span<byte> id = stackalloc byte[2];
        bytes.Add((byte)encoding.Length);
        foreach (var value in encoding.Ids)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(id, (ushort)value);
            bytes.AddRange(id);
        }
    }

    private static void AddOffsets((int Start, int End)[] offsets, List<byte> bytes)
    {
        bytes.Add((byte)offsets.Length);
        foreach (var (start, end) in offsets)
        {
            bytes.Add((byte)start);
            bytes.Add((byte)end);
        }
    }

    /// <summary>Which blocks of 4096 code points differ from the reference's; null if the whole stream is equal.</summary>
    private static string? Difference(SweepStream expected, Action<int, List<byte>> addBytes)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blocks = new StringBuilder();
        var bytes = new List<byte>();
        for (var block = 0; block << BlockBits < 0x110000; block++)
        {
            bytes.Clear();
            for (var codePoint = block << BlockBits; codePoint < (block + 1) << BlockBits; codePoint++)
                if (codePoint is < 0xD800 or > 0xDFFF)
                    addBytes(codePoint, bytes);
            var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);
            whole.AppendData(span);
            if (!Convert.ToHexStringLower(SHA256.HashData(span)).StartsWith(expected.Blocks[block], StringComparison.Ordinal))
                blocks.Append(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $" U+{block << BlockBits:X4}-{((block + 1) << BlockBits) - 1:X4}"
                );
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset()) == expected.Sha256 ? null : $"differs in the blocks{blocks}";
    }
}
