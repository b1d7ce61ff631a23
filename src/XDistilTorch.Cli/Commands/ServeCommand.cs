using System.CommandLine;
using System.Net;
using XDistilTorch.Cli.Serving;
using XDistilTorch.Server;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil serve</c>: answers questions over HTTP until it is told to stop.</summary>
internal sealed class ServeCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Option<string[]> model = new("--model")
    {
        Description = "Model folder; may be given several times, the first one answers where none is named",
        HelpName = "DIR",
    };
    private readonly AnsweringOptions answering = new();
    private readonly Option<int> port = new("--port")
    {
        Description = "Port to listen on; 0 takes a free one",
        HelpName = "N",
        DefaultValueFactory = _ => 8080,
    };
    private readonly Option<string> bind = new("--bind")
    {
        Description = "Address to listen on; another than this machine's own needs keys",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };
    private readonly Option<string?> keyFile = new("--api-key-file")
    {
        Description = "Answer only to one of the keys in this file, one a line",
        HelpName = "FILE",
    };
    private readonly Option<bool> noKey = new("--no-key")
    {
        Description = "Answer to everybody, also on other addresses than this machine's own",
    };
    private readonly Option<int?> workers = SharedOptions.OptionalCount(
        "--workers",
        "Threads that compute [default: one for each core]",
        1
    );
    private readonly LimitOptions limits = new();
    private readonly Option<bool> logTexts = new("--log-texts") { Description = "Log questions and answers too; else only numbers" };

    public ServeCommand(Terminal terminal)
        : base("serve", "Answer questions over HTTP: JSON endpoints, metrics, an API page")
    {
        this.terminal = terminal;
        foreach (var option in new Option[] { model, port, bind, keyFile, noKey })
            Add(option);
        answering.AddTo(this, withModel: false);
        Add(workers);
        limits.AddTo(this);
        Add(logTexts);
        SetAction(RunAsync);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil serve",
        "xdistil serve --model models/general --model models/medical --port 9000",
        "xdistil serve --bind 0.0.0.0 --api-key-file keys.txt",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var address = Address(parsed);
        var keys = parsed.GetValue(keyFile) is { } file ? ApiKeys.ReadFile(file) : null;
        if (keys is null && !IPAddress.IsLoopback(address) && !parsed.GetValue(noKey))
            throw new UsageException(
                $"--bind {address} lets other machines in, which needs --api-key-file, or --no-key if everybody is to be answered."
            );
        var (models, answers) = (Models(parsed), answering.Read(parsed));
        ProcessEnd.BePatient(); // the first signal lets the requests under way end
        ProcessEnd.StopIsSuccess();
        await using var server = AnswerServer.Create(
            new IPEndPoint(address, parsed.GetValue(port)),
            options =>
            {
                foreach (var served in models)
                    options.Models.Add(served);
                options.Loading = answering.Loading(parsed, terminal) with { Workers = parsed.GetValue(workers) };
                options.Answers = answers;
                options.Limits = limits.Read(parsed);
                options.Keys = keys;
                options.LogTexts = parsed.GetValue(logTexts);
            }
        );
        await server.RunAsync(limits.DrainTime(parsed), stop);
        return ExitCode.Success;
    }

    private IReadOnlyList<ServedModel> Models(ParseResult parsed) =>
        ServedModels.Of(parsed.GetValue(model) is { Length: > 0 } given ? given : new string?[] { null }, terminal);

    private IPAddress Address(ParseResult parsed)
    {
        var given = parsed.GetValue(bind)!;
        if (parsed.GetValue(port) is (< 0 or > 65535) and var number)
            throw new UsageException($"--port is {number}, expected 0 to 65535.");
        if (given == "localhost")
            return IPAddress.Loopback;
        return IPAddress.TryParse(given, out var address)
            ? address
            : throw new UsageException($"--bind is {given}, expected an IP address such as 127.0.0.1 or 0.0.0.0.");
    }
}
