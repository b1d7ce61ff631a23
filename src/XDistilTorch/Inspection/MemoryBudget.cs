namespace XDistilTorch.Inspection;

/// <summary>How much memory a look inside may take: half of what there is, asked before anything is allocated. Beyond that the system would end the process without a word.</summary>
public static class MemoryBudget
{
    /// <summary>Refuses what would take more than half.</summary>
    /// <param name="needed">In bytes.</param>
    /// <param name="what">What takes it, as the beginning of a sentence.</param>
    /// <param name="remedy">How to ask for less, a sentence.</param>
    /// <param name="memory">How much there is, in bytes; null: what this machine, or this container, has.</param>
    /// <exception cref="InspectionException">It is more.</exception>
    public static void Refuse(long needed, string what, string remedy, long? memory = null)
    {
        var all = memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > all / 2)
            throw new InspectionException(
                $"{what} would take {ByteSize.Of(needed)} of memory, of this machine's {ByteSize.Of(all)} at most half. {remedy}"
            );
    }
}
