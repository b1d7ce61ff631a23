using System.Globalization;

namespace XDistilTorch.Inspection;

/// <summary>How much memory a look inside may take: half of what there is, asked before anything is allocated. Beyond that the system would end the process without a word.</summary>
public static class MemoryBudget
{
    /// <summary>What a look may take on this machine, or in this container, in bytes.</summary>
    public static long Bytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Refuses what would take more.</summary>
    /// <param name="needed">In bytes.</param>
    /// <param name="what">What takes it, as the beginning of a sentence.</param>
    /// <param name="remedy">How to ask for less, a sentence.</param>
    /// <exception cref="InspectionException">It is more than the budget.</exception>
    public static void Refuse(long needed, string what, string remedy)
    {
        if (needed > Bytes)
            throw new InspectionException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} would take {needed / 1e9:0.0} GB, of this machine's {2 * Bytes / 1e9:0.0} GB at most half. {remedy}"
                )
            );
    }
}
