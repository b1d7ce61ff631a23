using System.Diagnostics;
using System.Text.Json;
using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Bench.Serving;

/// <summary>
/// The server on loopback: throughput beside that of predicting the same rows, the tail at 70 % of its capacity beside a simulated queue, and a lone question while others ask in bulk. Client
/// and server share the machine.
/// </summary>
internal static class ServeBench
{
    private const double Share = 0.7;

    private static readonly int[] Clients = [8, 64, 512];

    public static async Task Run(int rows, string tool, string modelFolder)
    {
        using var data = new InventedRows(rows, InventedRows.Mixed);
        var requests = ServeRequests.Of(data.Path);
        var predicting = Predicting(data.Path, modelFolder);
        Console.WriteLine($"predict: {rows / predicting * 1000:0} questions/s in the same process, {rows} rows");
        using var server = new ServedTool(tool, modelFolder);
        Console.WriteLine($"server: ready {server.SecondsToReady:0.0} s after its start");
        await Load.Closed(server, requests, 8); // warms up

        var capacity = 0.0;
        foreach (var clients in Clients)
        {
            var (times, all) = await Load.Closed(server, requests, clients);
            capacity = Math.Max(capacity, rows / all);
            Console.WriteLine(
                $"{clients, 3} clients: {rows / all * 1000:0} questions/s, {predicting / all:0.00} of predict; {Tail(times)}; memory {server.Memory / 1e6:0} MB"
            );
        }
        ByWrk(server, requests, rows / predicting);
        await OpenLoop(server, requests, capacity);
        await LoneInBulk(server, requests);
    }

    private static double Predicting(string file, string modelFolder)
    {
        using var answerer = QuestionAnswerer.FromPretrained(modelFolder);
        answerer.Answer("Who?", "Marit Osei.");
        var start = Stopwatch.GetTimestamp();
        foreach (var _ in new Predictor(answerer).Run(DataReader.Read(file))) { }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void ByWrk(ServedTool server, string[] requests, double perMillisecond)
    {
        const int Seconds = 30;
        if (!Wrk.IsThere)
        {
            Console.WriteLine("wrk is not installed: throughput by our own client only");
            return;
        }
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, requests);
            foreach (var connections in Clients)
            {
                var perSecond = Wrk.Ask(server.Address, file, connections, Seconds);
                Console.WriteLine(
                    $"wrk, {connections, 3} connections: {perSecond:0} questions/s, {perSecond / 1000 / perMillisecond:0.00} of predict"
                );
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Served one a core, nothing waits: what a request takes then is what the simulated servers take.
    private static async Task OpenLoop(ServedTool server, string[] requests, double capacity)
    {
        var cores = Environment.ProcessorCount;
        var (service, _) = await Load.Closed(server, requests, cores);
        var arrivals = Load.Arrivals(requests.Length, Share * capacity);
        var measured = await Load.Open(server, requests, arrivals);
        var simulated = QueueSimulation.Stays(arrivals, service, cores);
        Console.WriteLine($"open loop at {Share:P0} of {capacity * 1000:0}/s, Poisson arrivals: {Tail(measured)}");
        Console.WriteLine($"a queue before {cores} servers, simulated with the times of {cores} clients: {Tail(simulated)}");
        Console.WriteLine($"p99 measured / simulated: {Percentile(measured, 0.99) / Percentile(simulated, 0.99):0.00}");
    }

    private static async Task LoneInBulk(ServedTool server, string[] requests)
    {
        const int Bulk = 256,
            Asked = 100;
        // About 380 tokens with the question: one window, nearly full.
        var words = string.Join(' ', Enumerable.Repeat("the keeper of the lamp wrote in his journal that winter came", 33));
        var lone = JsonSerializer.Serialize(new { question = "Who wrote in his journal?", context = words });
        var idle = await Paced(server, lone, Asked);

        using var enough = new CancellationTokenSource();
        var bulk = JsonSerializer.Serialize(
            new { questions = requests.Take(Bulk).Select(request => JsonDocument.Parse(request).RootElement.Clone()).ToArray() }
        );
        var stream = Enumerable
            .Range(0, 2)
            .Select(async _ =>
            {
                while (!enough.IsCancellationRequested)
                    await server.Ask(bulk);
            });
        Task[] streaming = [.. stream];
        await Task.Delay(500);
        var busy = await Paced(server, lone, Asked);
        await enough.CancelAsync();
        await Task.WhenAll(streaming);
        Console.WriteLine($"a lone question of one full window, idle: {Tail(idle)}");
        Console.WriteLine($"the same while two clients send {Bulk} questions at a time: {Tail(busy)}");
        Console.WriteLine(
            $"p95 in bulk / idle: {Percentile(busy, 0.95) / Percentile(idle, 0.95):0.00}, p50: {Percentile(busy, 0.5) / Percentile(idle, 0.5):0.00}"
        );
    }

    private static async Task<double[]> Paced(ServedTool server, string request, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(37); // out of step with the bulk
            var start = Stopwatch.GetTimestamp();
            await server.Ask(request);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return times;
    }

    private static string Tail(double[] times) =>
        $"p50 {Percentile(times, 0.5):0.0}, p95 {Percentile(times, 0.95):0.0}, p99 {Percentile(times, 0.99):0.0} ms";

    private static double Percentile(double[] times, double share)
    {
        double[] sorted = [.. times.Order()];
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
    }
}
