namespace XDistilTorch.Inspection;

/// <summary>What people and machines call a group of tokens.</summary>
internal static class GroupNames
{
    public static string ForPeople(TokenGroup group) =>
        group switch
        {
            TokenGroup.Cls => "[CLS]",
            TokenGroup.Sep => "[SEP]",
            _ => ForMachines(group),
        };

    public static string ForMachines(TokenGroup group) => group.ToString().ToLowerInvariant();
}
