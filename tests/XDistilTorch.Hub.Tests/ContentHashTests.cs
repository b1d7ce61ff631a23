using System.Text;

namespace XDistilTorch.Hub.Tests;

/// <summary>Hashes as sha256sum and `git hash-object` print them for "hello\n".</summary>
public class ContentHashTests
{
    private const string Sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
        Git = "ce013625030ba8dba906f756967f9e9ca394464a";

    private static ContentHash Of(string etag, string content)
    {
        var hash = ContentHash.For(new RemoteFile("a", new Uri("http://localhost/a"), etag, content.Length));
        foreach (var c in content)
            hash.Add(Encoding.ASCII.GetBytes([c]));
        return hash;
    }

    [Theory, InlineData(Sha256), InlineData(Git)]
    public void The_rule_follows_the_etag(string etag)
    {
        using ContentHash right = Of(etag, "hello\n"),
            upper = Of(etag.ToUpperInvariant(), "hello\n"),
            wrong = Of(etag, "hallo\n");

        right.Mismatch().Should().BeNull();
        upper.Mismatch().Should().BeNull();
        wrong.Mismatch().Should().HaveLength(etag.Length).And.NotBe(etag);
        right.Restart();
        right.Add("hello\n"u8);
        right.Mismatch().Should().BeNull("it begins anew");
    }

    [Theory, InlineData("5d41402abc4b2a76b9719d911017c592"), InlineData("zz013625030ba8dba906f756967f9e9ca394464a")]
    public void Another_etag_says_nothing_of_the_content(string etag)
    {
        using var hash = Of(etag, "whatever");

        hash.Mismatch().Should().BeNull();
    }
}
