using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>How much attention each group of tokens pays to each: the mean over a group's queries of their mass on a group's keys.</summary>
public sealed class GroupMass
{
    private GroupMass(IReadOnlyList<TokenGroup> groups, Tensor mass) => (Groups, Mass) = (groups, mass);

    /// <summary>The G groups that have tokens, in the order of the enumeration; the others have neither row nor column.</summary>
    public IReadOnlyList<TokenGroup> Groups { get; }

    /// <summary>[..., G of queries, G of keys]; each row sums to 1. It belongs to the dispose scope in which it was computed.</summary>
    public Tensor Mass { get; }

    /// <summary>Computes it.</summary>
    /// <param name="probabilities">Attention of one window or of several with the same groups, [..., heads, S, S].</param>
    /// <param name="groups">Each token's group, S of them; null: padding.</param>
    /// <exception cref="ArgumentException">The attention has another shape.</exception>
    public static GroupMass Of(Tensor probabilities, IReadOnlyList<TokenGroup?> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        using var scope = NewDisposeScope();
        var attention = AttentionTensor.Checked(probabilities, groups.Count);
        TokenGroup[] present = [.. groups.OfType<TokenGroup>().Distinct().Order()];
        var members = Members(present, groups).to(attention.dtype, attention.device); // [G, S]
        var onGroups = attention.matmul(members.t()); // [..., S, S] x [S, G] -> [..., S, G]
        var mass = members.div(members.sum(1, keepdim: true)).matmul(onGroups); // [G, S] x [..., S, G] -> [..., G, G]
        return new GroupMass(present, mass.MoveToOuterDisposeScope());
    }

    /// <summary>What one group's queries pay to each of <see cref="Groups"/>, [..., G].</summary>
    /// <exception cref="InspectionException">The group has no tokens.</exception>
    public Tensor Row(TokenGroup group)
    {
        for (var row = 0; row < Groups.Count; row++)
            if (Groups[row] == group)
                return Mass.select(-2, row);
        throw new InspectionException($"no token is of the group {group}; the window has {string.Join(", ", Groups)}.");
    }

    private static Tensor Members(TokenGroup[] present, IReadOnlyList<TokenGroup?> groups)
    {
        var members = new float[present.Length * groups.Count];
        for (var group = 0; group < present.Length; group++)
        for (var i = 0; i < groups.Count; i++)
            members[group * groups.Count + i] = groups[i] == present[group] ? 1 : 0;
        return tensor(members, [present.Length, groups.Count]);
    }
}
