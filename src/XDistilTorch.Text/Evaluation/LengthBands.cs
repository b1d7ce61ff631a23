using System.Globalization;

namespace XDistilTorch.Evaluation;

/// <summary>Counts in bands: up to each bound, and above the last.</summary>
internal sealed class LengthBands
{
    private readonly int[] bounds;
    private readonly GroupKey[] keys;

    public LengthBands(params int[] bounds)
    {
        this.bounds = bounds;
        keys = [.. Enumerable.Range(0, bounds.Length + 1).Select(band => new GroupKey(band, NameOf(band)))];
    }

    public GroupKey Of(int count)
    {
        var place = Array.BinarySearch(bounds, count);
        return keys[place < 0 ? ~place : place];
    }

    private string NameOf(int band)
    {
        var from = band == 0 ? 1 : bounds[band - 1] + 1;
        return band == bounds.Length ? string.Create(CultureInfo.InvariantCulture, $"{from}+")
            : from == bounds[band] ? from.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{from}-{bounds[band]}");
    }
}
