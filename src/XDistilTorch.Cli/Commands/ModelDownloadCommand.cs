using System.CommandLine;
using System.Text.Json;
using XDistilTorch.Hub;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil model download</c>: a model of the Hugging Face hub, into the cache that Python uses too.</summary>
internal sealed class ModelDownloadCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly Argument<string> name = new("model") { Description = "The model on the hub", HelpName = "ORG/NAME" };
    private readonly Option<string?> revision = new("--revision")
    {
        Description = $"Branch, tag or commit [default: {HubModel.MainRevision}]",
        HelpName = "R",
    };
    private readonly Option<string?> endpoint = new("--endpoint")
    {
        Description = "Another hub [default: HF_ENDPOINT, else https://huggingface.co]",
        HelpName = "URL",
    };
    private readonly Option<bool> json = SharedOptions.Json("Print what is there as one JSON object");

    public ModelDownloadCommand(Terminal terminal)
        : base("download", "Fetch a model of the Hugging Face hub into the cache shared with Python, and print its folder")
    {
        this.terminal = terminal;
        Add(name);
        foreach (var option in new Option[] { revision, endpoint, json })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil model download nbroad/xdistil-l12-h384-squad2",
        "xdistil model download my-org/my-model --revision v2 --endpoint https://hub.example.org --json",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var model = Model(parsed);
        var options = HubOptions.FromEnvironment();
        if (parsed.GetValue(endpoint) is { } other)
            options = options with { Endpoint = HubOptions.ParseEndpoint(other, endpoint.Name) };
        using var client = new HubClient(options);
        var snapshot = HubModels.Download(client, model, terminal, cancellation);
        var fetched = snapshot.Files.Where(file => file.Fetched).ToList();
        terminal.Tell(
            $"{model}: {Counted.Of(snapshot.Files.Count, "file")} of commit {snapshot.Commit[..12]}, {fetched.Count} of them fetched now, {Counted.Of(fetched.Sum(file => file.Bytes), "byte")}."
        );
        terminal.Output.WriteLine(
            parsed.GetValue(json)
                ? JsonSerializer.Serialize(DownloadRecord.Of(snapshot), DownloadJson.OneLine.DownloadRecord)
                : PlainText.WithoutControls(snapshot.Folder)
        );
        return ExitCode.Success;
    }

    private HubModel Model(ParseResult parsed)
    {
        var given = parsed.GetRequiredValue(name);
        if (parsed.GetValue(revision) is not { } asked)
            return HubModel.TryParse(given, out var whole) ? whole : Checked(() => new HubModel(given));
        return given.Contains('@', StringComparison.Ordinal)
            ? throw new UsageException($"{given} has a revision, and --revision says another one; give one of the two.")
            : Checked(() => new HubModel(given, asked));
    }

    private static HubModel Checked(Func<HubModel> make)
    {
        try
        {
            return make();
        }
        catch (HubException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
