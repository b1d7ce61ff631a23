using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XDistilTorch.Cli.Inspecting;
using XDistilTorch.Pruning;

namespace XDistilTorch.Cli.Pruning;

/// <summary>Heads by layer and number, such as <c>0:2,3:0-5</c>; what one command prints another takes.</summary>
internal static class HeadList
{
    public static Option<AttentionHead[]?> Option(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "L:H,L:H-H",
            CustomParser = result => Parse(result, name),
        };

    /// <summary>The heads as the option takes them, runs of neighbours as ranges.</summary>
    public static string Of(IEnumerable<AttentionHead> heads)
    {
        List<(int Layer, int First, int Last)> runs = [];
        foreach (var (layer, head) in heads.Distinct().OrderBy(head => head.Layer).ThenBy(head => head.Head))
            if (runs is [.., var last] && last.Layer == layer && last.Last == head - 1)
                runs[^1] = last with { Last = head };
            else
                runs.Add((layer, head, head));
        return string.Join(
            ',',
            runs.Select(run =>
                run.First == run.Last
                    ? string.Create(CultureInfo.InvariantCulture, $"{run.Layer}:{run.First}")
                    : string.Create(CultureInfo.InvariantCulture, $"{run.Layer}:{run.First}-{run.Last}")
            )
        );
    }

    private static AttentionHead[]? Parse(ArgumentResult result, string name)
    {
        var given = result.Tokens[0].Value;
        List<AttentionHead> heads = [];
        foreach (var part in given.Split(','))
        {
            if (
                part.Split(':') is not [var layer, var range]
                || !int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !NumberList.TryRange(range, out var first, out var last)
            )
            {
                result.AddError($"{name} is {given}, expected layers and heads from 0 such as 0:2,3:0-5.");
                return null;
            }
            for (var head = first; head <= last; head++)
                heads.Add(new AttentionHead(number, head));
        }
        return [.. heads];
    }
}
