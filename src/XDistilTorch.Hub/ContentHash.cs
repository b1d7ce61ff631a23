using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace XDistilTorch.Hub;

/// <summary>The hash of a content while it arrives, by the rule that its etag follows.</summary>
internal sealed class ContentHash : IDisposable
{
    private const int Sha256Digits = 64,
        Sha1Digits = 40;

    private readonly IncrementalHash? hash;
    private readonly string etag;
    private readonly byte[] prefix;

    private ContentHash(IncrementalHash? hash, string etag, byte[] prefix)
    {
        (this.hash, this.etag, this.prefix) = (hash, etag, prefix);
        hash?.AppendData(prefix);
    }

    /// <summary>64 hexadecimal digits are the SHA-256 of the content, 40 are git's SHA-1 of a blob. Other etags (of mirrors) say nothing of the content.</summary>
    public static ContentHash For(RemoteFile file) =>
        file.Etag switch
        {
            { Length: Sha256Digits } etag when IsHex(etag) => new(IncrementalHash.CreateHash(HashAlgorithmName.SHA256), etag, []),
            { Length: Sha1Digits } etag when IsHex(etag) => new(
                IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
                etag,
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Bytes}\0"))
            ),
            var etag => new(null, etag, []),
        };

    public void Add(ReadOnlySpan<byte> bytes) => hash?.AppendData(bytes);

    /// <summary>From the beginning again.</summary>
    public void Restart()
    {
        hash?.GetHashAndReset();
        hash?.AppendData(prefix);
    }

    /// <summary>What the content's hash is where it is another one than the etag's; null: all is well.</summary>
    public string? Mismatch() =>
        hash is not null
        && Convert.ToHexStringLower(hash.GetCurrentHash()) is var found
        && !found.Equals(etag, StringComparison.OrdinalIgnoreCase)
            ? found
            : null;

    public void Dispose() => hash?.Dispose();

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);
}
