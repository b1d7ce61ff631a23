using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XDistilTorch.Inspection;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Numbers from 0 and ranges of them, such as <c>0-3,7</c>.</summary>
internal static class NumberList
{
    public static Option<int[]?> Option(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N,N-N",
            CustomParser = result => Parse(result, name),
        };

    /// <summary>The numbers given, in order; all where none was.</summary>
    /// <param name="given">What was parsed.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="thing">layer, head.</param>
    /// <exception cref="InspectionException">One is not there.</exception>
    public static IReadOnlyList<int> Within(int[]? given, int count, string thing)
    {
        if (given is not { Length: > 0 })
            return [.. Enumerable.Range(0, count)];
        return given.FirstOrDefault(number => number >= count, -1) is var strange and >= 0
            ? throw new InspectionException($"there is no {thing} {strange}; the model has {count}, numbered from 0.")
            : given;
    }

    private static int[]? Parse(ArgumentResult result, string name)
    {
        var given = result.Tokens[0].Value;
        SortedSet<int> numbers = [];
        foreach (var part in given.Split(','))
        {
            if (!TryRange(part, out var first, out var last))
            {
                result.AddError($"{name} is {given}, expected numbers from 0 and ranges of them such as 0-3,7.");
                return null;
            }
            numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }
        return [.. numbers];
    }

    /// <summary>Reads <c>3</c> or <c>3-5</c>.</summary>
    public static bool TryRange(string given, out int first, out int last)
    {
        var ends = given.Split('-');
        last = 0;
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && ends.Length <= 2
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && last >= first
            && last <= 9999;
    }
}
