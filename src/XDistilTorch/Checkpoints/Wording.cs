using System.Text;

namespace XDistilTorch.Checkpoints;

/// <summary>Names and shapes from a file, made fit for a message: whatever the file holds, the message stays one readable line.</summary>
internal static class Wording
{
    private const int LongestName = 200;

    /// <summary>A name in the words of the file; quoted and escaped where it would not read as a name.</summary>
    public static string Show(string name)
    {
        if (name.Length is > 0 and <= LongestName && name.All(c => c > ' ' && c != '"' && !char.IsControl(c) && !char.IsSurrogate(c)))
            return name;

        var shown = new StringBuilder("\"");
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, LongestName)))
            if (c is '"' or '\\')
                shown.Append('\\').Append(c);
            else if (char.IsControl(c) || char.IsSurrogate(c))
                shown.Append($"\\u{(int)c:x4}");
            else
                shown.Append(c);
        return shown.Append(name.Length > LongestName ? "...\"" : "\"").ToString();
    }

    /// <summary>A shape as Python prints it: [384, 384].</summary>
    public static string Show(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>"1 tensor", "2 tensors".</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count:N0} {noun}s";
}
