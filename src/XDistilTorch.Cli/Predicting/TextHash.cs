using System.Security.Cryptography;
using System.Text;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>What questions and documents are known by.</summary>
internal static class TextHash
{
    /// <summary>SHA-256 of all names and texts with their lengths, in order; 64 hexadecimal digits.</summary>
    public static string Of(IReadOnlyList<NamedText> questions, IReadOnlyList<NamedText> documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (IReadOnlyList<NamedText>[])[questions, documents])
        {
            hash.AppendData(BitConverter.GetBytes(part.Count));
            foreach (var text in part)
            {
                Append(hash, text.Name);
                Append(hash, text.Text);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
