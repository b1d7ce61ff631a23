using System.Globalization;
using XDistilTorch.Modeling;

namespace XDistilTorch.Inspection.Recording;

/// <summary>Points by name: <c>Embeddings</c>, <c>layer.3.Query</c>, <c>layer.0-3.LayerOutput</c>, <c>layer.*.AttentionProbabilities</c>, or <c>*</c> for all.</summary>
public static class PointPattern
{
    /// <summary>The points that patterns name, in the order in which a forward pass meets them.</summary>
    /// <param name="patterns">The patterns; commas within one separate several.</param>
    /// <param name="layers">How many layers the model has.</param>
    /// <exception cref="InspectionException">A pattern names nothing; all of those are told.</exception>
    public static IReadOnlyList<Point> Find(IEnumerable<string> patterns, int layers)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        HashSet<Point> chosen = [];
        List<string> faults = [];
        Point[] all = [.. Point.All(layers)];
        foreach (var pattern in patterns.SelectMany(given => given.Split(',', StringSplitOptions.TrimEntries)))
        {
            Point[] found = [.. all.Where(point => Matches(point, pattern))];
            if (found.Length == 0)
                faults.Add($"\"{pattern}\"");
            chosen.UnionWith(found);
        }
        return faults.Count == 0
            ? [.. all.Where(chosen.Contains)]
            : throw new InspectionException(
                $"no point is called {string.Join(", ", faults)} in a model of {layers} layers; expected names such as layer.3.Query, layer.0-3.LayerOutput, layer.*.AttentionProbabilities, Embeddings or Logits. `xdistil inspect points` lists all."
            );
    }

    private static bool Matches(Point point, string pattern)
    {
        if (pattern == "*" || pattern == point.ToString())
            return true;
        return point.Layer >= 0
            && pattern.Split('.') is ["layer", var where, var kind]
            && kind == point.Kind.ToString()
            && (where == "*" || (Range(where) is var (first, last) && point.Layer >= first && point.Layer <= last));
    }

    private static (int First, int Last)? Range(string given) =>
        given.Split('-') is [var first, .. var rest]
        && rest.Length < 2
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && int.TryParse(rest.Length == 0 ? first : rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? (from, to)
            : null;
}
