namespace XDistilTorch.Data;

/// <summary>Gives few bytes at a time, as pipes do.</summary>
internal sealed class SlowStream(byte[] bytes, int most = 1) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
}
