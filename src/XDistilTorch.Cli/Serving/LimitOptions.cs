using System.CommandLine;
using XDistilTorch.Cli.Commands;
using XDistilTorch.Server;

namespace XDistilTorch.Cli.Serving;

/// <summary>How much clients of <c>xdistil serve</c> may ask for.</summary>
internal sealed class LimitOptions
{
    private static readonly ServingLimits Usual = new();

    private readonly Option<int> body = SharedOptions.Count("--max-body", "Longest request body, in bytes", 1, Usual.BodyBytes);
    private readonly Option<int> context = SharedOptions.Count("--max-context", "Longest text, in characters", 1, Usual.ContextCharacters);
    private readonly Option<int> questions = SharedOptions.Count("--max-questions", "Most questions of one request", 1, Usual.Questions);
    private readonly Option<int> queue = SharedOptions.Count(
        "--queue",
        "Most questions that wait or are computed at a time",
        1,
        Usual.QueuedQuestions
    );
    private readonly Option<double?> timeout = Seconds("--timeout", "Seconds that a request may take", Usual.Timeout.TotalSeconds);
    private readonly Option<double?> drain = Seconds(
        "--drain-timeout",
        "Seconds that requests under way are waited for when told to stop",
        30
    );

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { body, context, questions, queue, timeout, drain })
            command.Add(option);
    }

    public ServingLimits Read(ParseResult parsed) =>
        Usual with
        {
            BodyBytes = parsed.GetValue(body),
            ContextCharacters = parsed.GetValue(context),
            Questions = parsed.GetValue(questions),
            QueuedQuestions = parsed.GetValue(queue),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? Usual.Timeout.TotalSeconds),
        };

    public TimeSpan DrainTime(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(drain) ?? 30);

    private static Option<double?> Seconds(string name, string description, double usual) =>
        SharedOptions.Number(
            name,
            $"{description} [default: {usual:0}]",
            "30",
            value => value is > 0 and <= 86_400,
            "more than 0, at most 86400"
        );
}
