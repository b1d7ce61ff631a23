using System.Diagnostics;

namespace XDistilTorch.Bench.Serving;

/// <summary>Clients of a server: so many at once, each asking when it has its answer; or a crowd that comes when it comes.</summary>
internal static class Load
{
    /// <summary>Every request once, by so many clients at a time.</summary>
    /// <returns>Milliseconds of each request, and of all.</returns>
    public static async Task<(double[] Each, double All)> Closed(ServedTool server, IReadOnlyList<string> requests, int clients)
    {
        var times = new double[requests.Count];
        var (next, start) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Client()));
        return (times, Stopwatch.GetElapsedTime(start).TotalMilliseconds);

        async Task Client()
        {
            while (Interlocked.Increment(ref next) is var i && i < requests.Count)
            {
                var asked = Stopwatch.GetTimestamp();
                await server.Ask(requests[i]);
                times[i] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }
        }
    }

    /// <summary>Every request at its time, whether or not those before have their answers.</summary>
    /// <param name="server">The server.</param>
    /// <param name="requests">What is asked.</param>
    /// <param name="arrivals">When, in milliseconds from the start.</param>
    /// <returns>Milliseconds from the time a request was due.</returns>
    public static async Task<double[]> Open(ServedTool server, IReadOnlyList<string> requests, IReadOnlyList<double> arrivals)
    {
        var start = Stopwatch.GetTimestamp();
        var pending = new Task<double>[requests.Count];
        for (var i = 0; i < pending.Length; i++)
        {
            var (request, due) = (requests[i], arrivals[i]);
            while (Elapsed() is var now && now < due)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0.5, due - now)));
            pending[i] = Task.Run(async () =>
            {
                await server.Ask(request);
                return Elapsed() - due;
            });
        }
        return await Task.WhenAll(pending);

        double Elapsed() => Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Poisson arrivals, always the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="perMillisecond">How many a millisecond in the mean.</param>
    public static double[] Arrivals(int count, double perMillisecond)
    {
        var random = new Random(5);
        var (times, at) = (new double[count], 0.0);
        for (var i = 0; i < count; i++)
            times[i] = at += -Math.Log(1 - random.NextDouble()) / perMillisecond;
        return times;
    }
}
