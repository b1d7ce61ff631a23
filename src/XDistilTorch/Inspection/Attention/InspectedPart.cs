namespace XDistilTorch.Inspection;

/// <summary>Layers and heads that somebody names, checked at the door.</summary>
internal static class InspectedPart
{
    /// <summary>Those named, ascending and each once; all where nobody named any.</summary>
    /// <param name="named">Numbers from 0; null: all.</param>
    /// <param name="count">How many the model has.</param>
    /// <param name="thing">layer, head.</param>
    /// <exception cref="InspectionException">One is not there, or none was named.</exception>
    public static int[] Chosen(IEnumerable<int>? named, int count, string thing)
    {
        int[] chosen = [.. (named ?? Enumerable.Range(0, count)).Distinct().Order()];
        if (chosen.Length == 0)
            throw new InspectionException($"no {thing} is chosen, expected one at least; the model has {count}, numbered from 0.");
        foreach (var number in chosen)
            Check(number, count, thing);
        return chosen;
    }

    /// <exception cref="InspectionException">It is not there.</exception>
    public static void Check(int number, int count, string thing)
    {
        if (number < 0 || number >= count)
            throw new InspectionException($"there is no {thing} {number}; the model has {count}, numbered from 0.");
    }
}
