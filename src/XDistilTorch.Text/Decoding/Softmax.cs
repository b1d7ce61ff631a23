namespace XDistilTorch.Decoding;

/// <summary>Probabilities over an n-best list, in double precision.</summary>
internal static class Softmax
{
    public static SquadEntry[] Over(List<SquadEntry> entries)
    {
        // Not the first entry's score: a made-up "empty" (score 0) may stand before a better one.
        double largest = entries.Max(entry => entry.Score);
        var total = entries.Sum(entry => Math.Exp(entry.Score - largest));
        var list = new SquadEntry[entries.Count];
        for (var i = 0; i < list.Length; i++)
            list[i] = entries[i] with { Probability = Math.Exp(entries[i].Score - largest) / total };
        return list;
    }
}
