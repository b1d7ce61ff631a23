namespace XDistilTorch.Cli.Doctor;

/// <summary>All checks, one after the other: each one is made, whatever the others found, unless one that it needs has failed.</summary>
internal static class Checkup
{
    public static CheckupRecord Run(IEnumerable<ICheck> checks, CancellationToken stop = default)
    {
        var records = new List<CheckRecord>();
        foreach (var check in checks)
        {
            stop.ThrowIfCancellationRequested();
            var finding = Obstacle(check, records) is { } obstacle
                ? Finding.Skipped($"not looked at: {obstacle} comes first")
                : Look(check);
            records.Add(new CheckRecord(check.Name, finding.State, finding.Found, finding.Remedy));
        }
        return new CheckupRecord(records.All(record => record.State != CheckState.Failed), records);
    }

    private static string? Obstacle(ICheck check, List<CheckRecord> before) =>
        before.Find(record => check.Needs.Contains(record.Name) && record.State is (CheckState.Failed or CheckState.Skipped))?.Name;

    // What a check does not foresee is a finding too: the others are still made.
    private static Finding Look(ICheck check)
    {
        try
        {
            return check.Run();
        }
        catch (XDistilException e)
        {
            return Finding.Failed(e.Message, "Repair what the message names.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Finding.Failed(
                $"the check itself failed: {e.GetType().Name}: {e.Message}",
                "Please report this, with the output of --json."
            );
        }
    }
}
