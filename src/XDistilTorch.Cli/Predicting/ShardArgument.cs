using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace XDistilTorch.Cli.Predicting;

/// <summary><c>i/n</c>: which of how many shards.</summary>
/// <param name="Shard">From 0.</param>
/// <param name="Shards">How many there are.</param>
internal sealed record ShardArgument(int Shard, int Shards)
{
    /// <summary>The option <c>--shard</c>.</summary>
    public static Option<ShardArgument?> Option() =>
        new("--shard")
        {
            Description = "Compute a part of the data: i of 0..n-1; put together with predict merge",
            HelpName = "i/n",
            CustomParser = Parse,
        };

    private static ShardArgument? Parse(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        if (
            given.Split('/') is [var i, var n]
            && int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var shards)
            && shard < shards
        )
            return new ShardArgument(shard, shards);
        result.AddError($"--shard is {given}, expected i/n with i from 0 to n-1, such as 0/8.");
        return null;
    }
}
