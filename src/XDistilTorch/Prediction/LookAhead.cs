using System.Threading.Channels;

namespace XDistilTorch.Prediction;

/// <summary>Enumerates a sequence on a thread of its own, some items ahead of the one who reads it, so that the two work at the same time.</summary>
internal static class LookAhead
{
    /// <summary>
    /// The items of <paramref name="source"/>, in order. A failure of the source comes after the items before it. Who stops reading stops the source at its
    /// next item; the source is disposed of by its own thread.
    /// </summary>
    /// <param name="source">The sequence; touched by the other thread only.</param>
    /// <param name="items">How many items it may be ahead.</param>
    /// <param name="stop">When this is cancelled the sequence ends for the reader, who does not wait for a source that itself waits for input.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> source, int items, CancellationToken stop)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(items) { SingleReader = true, SingleWriter = true });
        var left = new CancellationTokenSource();
        new Thread(() => Fill(source, channel.Writer, left.Token)) { IsBackground = true, Name = nameof(LookAhead) }.Start();
        try
        {
            while (WaitToRead(channel.Reader, stop))
            while (channel.Reader.TryRead(out var item))
                yield return item;
        }
        finally
        {
            left.Cancel();
        }
    }

    private static void Fill<T>(IEnumerable<T> source, ChannelWriter<T> ready, CancellationToken left)
    {
        try
        {
            foreach (var item in source)
                if (!Write(ready, item, left))
                    return;
            ready.TryComplete();
        }
        catch (Exception e)
        {
            ready.TryComplete(e); // thrown where the items are read
        }
    }

    private static bool Write<T>(ChannelWriter<T> ready, T item, CancellationToken left)
    {
        try
        {
            while (!left.IsCancellationRequested && !ready.TryWrite(item))
                ready.WaitToWriteAsync(left).AsTask().GetAwaiter().GetResult();
            return !left.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static bool WaitToRead<T>(ChannelReader<T> ready, CancellationToken stop)
    {
        try
        {
            return ready.WaitToReadAsync(stop).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
