using System.Diagnostics;

namespace XDistilTorch.Bench.Serving;

/// <summary>A server under load for minutes: clients that ask, clients that leave before their answer, requests that are refused. Its memory is to stay flat.</summary>
internal static class SoakBench
{
    private const int Clients = 16,
        Rows = 300;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(15);

    public static async Task Run(int minutes, string tool, string modelFolder)
    {
        using var data = new InventedRows(Rows, InventedRows.Mixed);
        var requests = ServeRequests.Of(data.Path);
        using var server = new ServedTool(tool, modelFolder);
        await Load.Closed(server, requests, Clients); // warms up
        using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        var (answered, left, refused) = (0, 0, 0);
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(Ask), Leave(), Refused()];
        var memory = await Watched(server, enough.Token);
        await Task.WhenAll(clients);
        await server.Ask(requests[0]); // still answers, or throws
        if (left == 0 || refused == 0)
            throw new InvalidOperationException(
                $"{left} clients left and {refused} requests were refused, expected some of both: this was not the load it says."
            );
        var half = memory.Count / 2;
        Console.WriteLine(
            $"{minutes} minutes, {Clients} clients: {answered} answers, {left} clients left before theirs, {refused} requests refused; it still answers"
        );
        Console.WriteLine(
            $"memory, MB: at first {memory[0]:0}, mean of the first half {memory.Take(half).Average():0}, of the second half {memory.Skip(half).Average():0}, at last {memory[^1]:0}, most {memory.Max():0}"
        );

        async Task Ask(int client)
        {
            for (var i = client; !enough.IsCancellationRequested; i += Clients)
            {
                await server.Ask(requests[i % Rows]);
                Interlocked.Increment(ref answered);
            }
        }

        async Task Leave()
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(5 + i % 40));
                try
                {
                    await server.Ask(requests[i % Rows], patience.Token);
                }
                catch (OperationCanceledException)
                {
                    left++;
                }
            }
        }

        async Task Refused()
        {
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    await server.Ask("""{"question": " ", "context": 5}""");
                }
                catch (InvalidOperationException)
                {
                    refused++;
                }
                await Task.Delay(20);
            }
        }
    }

    private static async Task<List<double>> Watched(ServedTool server, CancellationToken enough)
    {
        List<double> memory = [];
        var start = Stopwatch.GetTimestamp();
        while (!enough.IsCancellationRequested)
        {
            memory.Add(server.Memory / 1e6);
            Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds, 5:0} s: {memory[^1]:0} MB");
            await Task.WhenAny(Task.Delay(Between, enough));
        }
        return memory;
    }
}
