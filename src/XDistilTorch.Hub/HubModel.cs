using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace XDistilTorch.Hub;

/// <summary>A model of the hub at a revision.</summary>
public sealed partial record HubModel
{
    /// <summary>The revision that is meant where none is given.</summary>
    public const string MainRevision = "main";

    private const int LongestName = 96,
        LongestRevision = 200;

    /// <param name="name"><c>organisation/name</c>, or <c>name</c> alone, as the oldest models have it.</param>
    /// <param name="revision">A branch, a tag, or a commit of 40 hexadecimal digits.</param>
    /// <exception cref="HubException">One of the two can be no name on the hub.</exception>
    public HubModel(string name, string revision = MainRevision)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(revision);
        if (!IsName(name))
            throw new HubException(
                $"\"{name}\" is no name of a model, expected ORG/NAME of letters, digits, '-', '_' and '.', such as nbroad/xdistil-l12-h384-squad2."
            );
        if (!IsRevision(revision))
            throw new HubException($"\"{revision}\" is no revision, expected a branch, a tag or a commit, such as {MainRevision}.");
        (Name, Revision) = (name, revision);
    }

    /// <summary><c>organisation/name</c>.</summary>
    public string Name { get; }

    /// <summary>A branch, a tag or a commit.</summary>
    public string Revision { get; }

    /// <summary>Reads <c>ORG/NAME</c> or <c>ORG/NAME@REVISION</c>.</summary>
    /// <returns>Whether the text is of that form; a name alone is not, as it would be taken for a folder's.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubModel? model)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, revision) = text.IndexOf('@') is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, MainRevision);
        model = name.Contains('/') && IsName(name) && IsRevision(revision) ? new HubModel(name, revision) : null;
        return model is not null;
    }

    /// <summary><c>ORG/NAME</c>, with <c>@REVISION</c> where that is not the main one.</summary>
    public override string ToString() => Revision == MainRevision ? Name : $"{Name}@{Revision}";

    /// <summary>Whether a text is a whole commit hash.</summary>
    internal static bool IsCommit(string text) => CommitForm().IsMatch(text);

    // The hub's own rules.
    private static bool IsName(string name) =>
        name.Length <= LongestName
        && NameForm().IsMatch(name)
        && !name.Contains("--", StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.EndsWith(".git", StringComparison.Ordinal);

    // It becomes a path in the cache (refs/REVISION), so that it may not lead out of there.
    private static bool IsRevision(string revision) =>
        revision.Length <= LongestRevision && RevisionForm().IsMatch(revision) && !revision.Contains("..", StringComparison.Ordinal);

    [GeneratedRegex(@"\A(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-+]*(?:/[A-Za-z0-9_][A-Za-z0-9_.\-+]*)*\z")]
    private static partial Regex RevisionForm();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex CommitForm();
}
