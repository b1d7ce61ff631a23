using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text.Json;

namespace XDistilTorch.Prediction;

/// <summary>The lines of all shards in the order of the rows; each file is proven to be the one its record tells of, and no id to have two answers.</summary>
internal sealed class ShardLines(IReadOnlyList<(string Path, RunRecord Record)> shards)
{
    private readonly HashSet<UInt128> ids = [];

    /// <exception cref="DataException">A file is not what its record says; by then lines of it were given.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Read(CancellationToken cancellation)
    {
        var sources = shards.Select(shard => new Source(shard.Path, shard.Record)).ToList();
        try
        {
            var run = shards[0].Record;
            for (long row = 0; row < run.RowsTotal; row++)
            {
                if (row % run.ChunkRows == 0)
                    cancellation.ThrowIfCancellationRequested();
                var source = sources[(int)(row / run.ChunkRows % run.Shards)];
                var line = source.Next();
                CheckId(line, source.Path);
                yield return line;
            }
            foreach (var source in sources)
                source.CheckEnd();
        }
        finally
        {
            foreach (var source in sources)
                source.Dispose();
        }
    }

    // An error may have the id of an answer: that of a repeated row.
    private void CheckId(ReadOnlyMemory<byte> line, string path)
    {
        var json = new Utf8JsonReader(line.Span);
        try
        {
            if (!json.Read() || !json.Read() || !json.ValueTextEquals("id"u8) || !json.Read())
                throw new JsonException("it does not begin with an id.");
            if (json.TokenType == JsonTokenType.Null)
                return;
            var id =
                json.HasValueSequence || json.ValueIsEscaped
                    ? XxHash128.HashToUInt128(System.Text.Encoding.UTF8.GetBytes(json.GetString()!))
                    : XxHash128.HashToUInt128(json.ValueSpan);
            if (json.Read() && json.ValueTextEquals("line"u8))
                return;
            if (!ids.Add(id))
                throw new DataException($"{path}: an id that another row has already: {System.Text.Encoding.UTF8.GetString(line.Span)}");
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: has a line that is not a record: {e.Message}", e);
        }
    }

    private sealed class Source : IDisposable
    {
        private readonly RunRecord record;
        private readonly FileStream file;
        private readonly CryptoStream hashed;
        private readonly SHA256 hash = SHA256.Create();
        private readonly IEnumerator<ReadOnlyMemory<byte>> lines;

        public Source(string path, RunRecord record)
        {
            (Path, this.record) = (path, record);
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            hashed = new CryptoStream(file, hash, CryptoStreamMode.Read);
            lines = new ByteLines(hashed).Read().GetEnumerator();
        }

        public string Path { get; }

        public ReadOnlyMemory<byte> Next() => lines.MoveNext() ? lines.Current : throw Changed("it ends early");

        public void CheckEnd()
        {
            if (lines.MoveNext())
                throw Changed("it goes on after its last row");
            if (Convert.ToHexStringLower(hash.Hash!) != record.Files?[^1].Sha256)
                throw Changed("its SHA-256 is another");
        }

        private DataException Changed(string what) =>
            new($"{Path}: is not what its run wrote: {what}. Compute the shard again with --overwrite.");

        public void Dispose()
        {
            lines.Dispose();
            hashed.Dispose();
            file.Dispose();
            hash.Dispose();
        }
    }
}
