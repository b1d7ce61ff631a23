using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace XDistilTorch.Hub;

/// <summary>What the hub says of a file before it is fetched.</summary>
/// <param name="Name">Its name in the repository.</param>
/// <param name="Address">Where it is asked for; large files are then elsewhere.</param>
/// <param name="Etag">The name of its content: the SHA-256 of large files, git's hash of small ones.</param>
/// <param name="Bytes">Its size.</param>
internal sealed partial record RemoteFile(string Name, Uri Address, string Etag, long Bytes)
{
    private const string LinkedEtag = "X-Linked-Etag",
        LinkedSize = "X-Linked-Size",
        RepositoryCommit = "X-Repo-Commit";

    /// <summary>Whether an answer is about a file that lies elsewhere, and says all that is to be known of it.</summary>
    public static bool IsLinked(HttpResponseMessage response) => Header(response, LinkedEtag) is not null;

    /// <summary>Reads the headers that answer a HEAD request.</summary>
    /// <exception cref="HubException">Something is missing, or cannot be.</exception>
    public static RemoteFile From(HttpResponseMessage response, string name, string commit, Uri address)
    {
        var found = Header(response, RepositoryCommit);
        if (found is null)
            throw new HubException($"{address}: the answer has no {RepositoryCommit}; this is no Hugging Face hub. Check HF_ENDPOINT.");
        if (found != commit)
            throw new HubException($"{address}: the hub answers for commit {found}, expected {commit}.");
        var etag = Bare(Header(response, LinkedEtag) ?? Header(response, "ETag"));
        if (etag is null || !EtagForm().IsMatch(etag)) // it becomes the name of a file
            throw new HubException($"{address}: the answer's etag is \"{etag}\", expected a hash that names the content.");
        return new RemoteFile(name, address, etag, Size(response, address));
    }

    // A petabyte: what is more is a lie, and a few of them would overflow a sum.
    private const long Largest = 1L << 50;

    private static long Size(HttpResponseMessage response, Uri address)
    {
        if (Header(response, LinkedSize) is not { } linked)
            return (response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : null)
                ?? throw new HubException($"{address}: the answer does not say how many bytes the file has.");
        return long.TryParse(linked, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= Largest
            ? size
            : throw new HubException($"{address}: the answer's {LinkedSize} is \"{linked}\", expected a number of bytes.");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static string? Bare(string? etag) =>
        etag?.StartsWith("W/", StringComparison.Ordinal) == true ? etag[2..].Trim('"') : etag?.Trim('"');

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_\-]{0,127}\z")]
    private static partial Regex EtagForm();
}
