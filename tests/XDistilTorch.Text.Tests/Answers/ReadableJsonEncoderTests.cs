using System.Text;
using System.Text.Json;
using CsCheck;

namespace XDistilTorch;

public class ReadableJsonEncoderTests
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = ReadableJsonEncoder.Instance };

    [Fact]
    public void Any_string_reads_back_but_for_lone_surrogates() =>
        Gen.OneOf(Gen.Char, Gen.Char['\0', '\u00A0'], Gen.Char['\uD7F0', '\uE010'], Gen.Char['\u2020', '\u2030'])
            .Array[0, 60]
            .Select(chars => new string(chars))
            .Sample(text =>
            {
                var json = JsonSerializer.Serialize(text, Options);

                JsonSerializer.Deserialize<string>(json).Should().Be(WithoutLoneSurrogates(text));
                json.Should().NotContainAny("\n", "\r", "\u2028", "\u2029", "\u0085", "\0", "\u001b");
            });

    [Theory]
    [InlineData("naïve 茶 🍵 \u3000\u00a0 <a href='x'>&")]
    [InlineData("\uE000\uFFFD\U0010FFFF")]
    public void Text_stays_as_it_is(string text) => JsonSerializer.Serialize(text, Options).Should().Be($"\"{text}\"");

    [Fact]
    public void Quote_and_backslash_are_escaped_the_short_way() => JsonSerializer.Serialize("\"\\\t", Options).Should().Be(@"""\""\\\t""");

    private static string WithoutLoneSurrogates(string text) => Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text));
}
