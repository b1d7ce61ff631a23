using System.Globalization;

namespace XDistilTorch.Cli;

/// <summary>Numbers of things in messages.</summary>
internal static class Counted
{
    /// <summary><c>1 question</c>, <c>1,204 questions</c>.</summary>
    public static string Of(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {thing}{(count == 1 ? "" : "s")}");
}
