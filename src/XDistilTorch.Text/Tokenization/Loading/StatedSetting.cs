namespace XDistilTorch.Tokenization.Loading;

/// <summary>What the files say about one setting: each value with the file and the field that states it. The first is taken.</summary>
/// <param name="name">The setting, in words.</param>
internal sealed class StatedSetting(string name)
{
    private sealed record Statement(string File, string Field, object Value, string Shown);

    private readonly List<Statement> statements = [];

    public bool IsStated => statements.Count > 0;

    /// <summary>The value; the default given where no file states one.</summary>
    public T Or<T>(T whenUnstated) => IsStated ? (T)statements[0].Value : whenUnstated;

    /// <summary>Where the value comes from.</summary>
    public string Source => IsStated ? $"{statements[0].File}, {statements[0].Field}" : "BERT's default";

    /// <summary>Adds a statement; a null is none.</summary>
    public void Add(JsonPlace place, string field, object? value, string? shown = null)
    {
        if (value is not null)
            statements.Add(
                new(place.File.Name, place.PathOf(field), value, shown ?? (value is bool truth ? (truth ? "true" : "false") : $"'{value}'"))
            );
    }

    /// <summary>Notes down every statement that contradicts the first.</summary>
    public void CheckAgreement(ICollection<string> faults)
    {
        foreach (var other in statements)
            if (!other.Value.Equals(statements[0].Value))
                faults.Add(
                    $"{name}: {statements[0].File} has {statements[0].Field} = {statements[0].Shown}, {other.File} has {other.Field} = {other.Shown}"
                );
    }
}
