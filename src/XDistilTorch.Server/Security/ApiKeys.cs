using System.Security.Cryptography;
using System.Text;

namespace XDistilTorch.Server;

/// <summary>Keys that let clients in. Only their hashes are kept, and comparing takes the same time whatever was presented.</summary>
public sealed class ApiKeys
{
    private const int ShortestKey = 16;

    private readonly IReadOnlyList<byte[]> hashes;

    private ApiKeys(IReadOnlyList<byte[]> hashes) => this.hashes = hashes;

    /// <summary>How many there are.</summary>
    public int Count => hashes.Count;

    /// <summary>Reads a file with one key a line; blank lines and those that begin with # are left out.</summary>
    /// <exception cref="XDistilException">It cannot be read, holds no key, or one that is easily guessed.</exception>
    public static ApiKeys ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<byte[]> hashes = [];
        foreach (var (index, line) in Lines(path).Index())
        {
            var key = line.Trim();
            if (key.Length == 0 || key[0] == '#')
                continue;
            if (key.Length < ShortestKey || key.Any(c => c is <= ' ' or > '~'))
                throw new XDistilException(
                    $"{path} line {index + 1}: is no key, expected {ShortestKey} or more visible ASCII characters, for example from: openssl rand -hex 24"
                );
            hashes.Add(Hash(key));
        }
        return hashes.Count > 0
            ? new ApiKeys(hashes)
            : throw new XDistilException($"{path}: holds no key, expected one a line, for example from: openssl rand -hex 24");
    }

    /// <summary>Whether it is one of the keys.</summary>
    public bool Holds(string presented)
    {
        var hash = Hash(presented);
        var found = false;
        foreach (var known in hashes) // all of them: the time tells nothing of the place
            found |= CryptographicOperations.FixedTimeEquals(hash, known);
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new XDistilException($"{path}: the keys cannot be read: {e.Message}", e);
        }
    }
}
