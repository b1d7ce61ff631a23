namespace XDistilTorch.Bench.Serving;

/// <summary>A queue as theory has it: first come, first served, by so many servers that do nothing else.</summary>
internal static class QueueSimulation
{
    /// <summary>How long each request stays, in milliseconds.</summary>
    /// <param name="arrivals">When each comes, ascending.</param>
    /// <param name="service">How long each is served.</param>
    /// <param name="servers">How many serve.</param>
    public static double[] Stays(IReadOnlyList<double> arrivals, IReadOnlyList<double> service, int servers)
    {
        var free = new PriorityQueue<int, double>(Enumerable.Range(0, servers).Select(server => (server, 0.0)));
        var stays = new double[arrivals.Count];
        for (var i = 0; i < stays.Length; i++)
        {
            free.TryDequeue(out var server, out var from);
            var end = Math.Max(from, arrivals[i]) + service[i];
            free.Enqueue(server, end);
            stays[i] = end - arrivals[i];
        }
        return stays;
    }
}
