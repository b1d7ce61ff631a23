using System.CommandLine;
using XDistilTorch.Engines;

namespace XDistilTorch.Cli.Commands;

/// <summary>The options of every command that answers questions: which model, how it is decoded, windows and limits.</summary>
internal sealed class AnsweringOptions
{
    private readonly DecoderKind? usualDecoder;
    private readonly Option<string?> model = SharedOptions.Model();
    private readonly Option<string> device = SharedOptions.Device();
    private readonly Option<EngineKind?> engine = SharedOptions.Choice<EngineKind>(
        "--engine",
        "auto, eager, packed or int8: how forward passes are computed [default: auto, the fastest one in fp32]"
    );
    private readonly Option<int?> workers = SharedOptions.OptionalCount(
        "--workers",
        "Threads that the packed and int8 engines compute with [default: one for each core]",
        1
    );
    private readonly Option<DecoderKind?> decoder;
    private readonly Option<int> topK = SharedOptions.Count("--top-k", "How many answers to list", 1, 1);
    private readonly Option<int?> nBestSize = SharedOptions.OptionalCount(
        "--n-best-size",
        "Starts, ends and spans that the squad decoder keeps [default: 20]",
        1
    );
    private readonly Option<int?> maxLength = SharedOptions.MaxLength();
    private readonly Option<int?> stride = SharedOptions.Stride();
    private readonly Option<int?> maxAnswerLength = SharedOptions.OptionalCount(
        "--max-answer-length",
        "Longest answer, in tokens [default: 30; pipeline: 15]",
        1
    );
    private readonly Option<double?> nullThreshold = SharedOptions.Number(
        "--null-threshold",
        "No answer when its score is better by more than this [default: the calibration's, else 0]",
        "-3.22"
    );
    private readonly Option<bool> alwaysAnswer = new("--always-answer") { Description = "Always give an answer, as in SQuAD 1.1" };

    /// <param name="usualDecoder">The decoder where none is asked for; null: calibrated where the model has a calibration, else squad.</param>
    public AnsweringOptions(DecoderKind? usualDecoder = null)
    {
        this.usualDecoder = usualDecoder;
        var usual = usualDecoder is null
            ? "calibrated where the model has a calibration.json, else squad"
            : usualDecoder.ToString()!.ToLowerInvariant();
        decoder = SharedOptions.Choice<DecoderKind>("--decoder", $"calibrated, squad or pipeline [default: {usual}]");
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command, bool withTopK = true, bool withModel = true)
    {
        foreach (
            var option in new Option[]
            {
                model,
                decoder,
                topK,
                nBestSize,
                maxLength,
                stride,
                maxAnswerLength,
                nullThreshold,
                alwaysAnswer,
                device,
                engine,
                workers,
            }
        )
            if ((withTopK || option != topK) && (withModel || option != model))
                command.Add(option);
    }

    /// <summary>The device that was asked for.</summary>
    public string Device(ParseResult parsed) => parsed.GetValue(device)!;

    /// <summary>The model folder that was asked for or found; the terminal is told of a download.</summary>
    public string Folder(ParseResult parsed, Terminal terminal) => ModelFolders.Resolve(parsed.GetValue(model), terminal);

    /// <summary>The model that was asked for; null: none.</summary>
    public string? Model(ParseResult parsed) => parsed.GetValue(model);

    /// <summary>Whether a model was asked for by name.</summary>
    public bool NamesModel(ParseResult parsed) => parsed.GetResult(model) is not null;

    /// <summary>Loads the model.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Is told what is to be known of the engine.</param>
    /// <param name="answersOnly">Whether nobody wants to look inside.</param>
    public QuestionAnswerer Load(ParseResult parsed, Terminal terminal, bool answersOnly = false) =>
        QuestionAnswerer.FromPretrained(Folder(parsed, terminal), Loading(parsed, terminal) with { AnswersOnly = answersOnly });

    /// <summary>How a model is to be loaded.</summary>
    public LoadingOptions Loading(ParseResult parsed, Terminal terminal) =>
        new()
        {
            Device = Device(parsed),
            Engine = parsed.GetValue(engine) ?? EngineKind.Auto,
            Workers = parsed.GetValue(workers),
            Notice = terminal.Tell,
        };

    /// <summary>How questions are to be answered.</summary>
    /// <exception cref="UsageException">Options that exclude each other; found before anything is loaded.</exception>
    public AnswerOptions Read(ParseResult parsed)
    {
        var kind = parsed.GetValue(decoder) ?? usualDecoder;
        if (kind == DecoderKind.Pipeline && parsed.GetResult(nullThreshold) is not null)
            throw new UsageException("--null-threshold has no meaning for --decoder pipeline: no answer competes with the spans there.");
        if (kind is DecoderKind.Pipeline or DecoderKind.Calibrated && parsed.GetResult(nBestSize) is not null)
            throw new UsageException("--n-best-size is the squad decoder's; how many answers are listed is --top-k.");
        var longest = (parsed.GetValue(maxLength) ?? 384) - 2;
        if (parsed.GetValue(stride) is { } shared && shared > longest)
            throw new UsageException(
                $"--stride is {shared}, expected at most {longest}: windows share tokens of the text, beside the special ones."
            );
        return new AnswerOptions
        {
            Decoder = kind,
            TopK = parsed.GetResult(topK) is null ? 1 : parsed.GetValue(topK),
            NBestSize = parsed.GetValue(nBestSize) ?? 20,
            MaxLength = parsed.GetValue(maxLength),
            Stride = parsed.GetValue(stride),
            MaxAnswerLength = parsed.GetValue(maxAnswerLength),
            NullThreshold = parsed.GetValue(nullThreshold),
            AlwaysAnswer = parsed.GetValue(alwaysAnswer),
        };
    }
}
