using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XDistilTorch.Data;
using XDistilTorch.Formats;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil data split</c>: a question file in two, for training and for development.</summary>
internal sealed class DataSplitCommand : Command, IHaveExamples
{
    private readonly Terminal terminal;
    private readonly QuestionInput input;
    private readonly Option<double?> dev = new("--dev")
    {
        Description = "The share of rows for development, between 0 and 1",
        HelpName = "SHARE",
        CustomParser = Share,
    };
    private readonly Option<string> by = new("--by")
    {
        Description = "What stays together: the questions of a context, of a title, or nothing",
        HelpName = "context|title|row",
        DefaultValueFactory = _ => "context",
    };
    private readonly Option<long> seed = new("--seed")
    {
        Description = "Another seed, another split",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<string?> titles = new("--titles")
    {
        Description = "A file of the titles for development, one a line, instead of --dev",
        HelpName = "FILE",
    };
    private readonly Option<string?> trainOutput = new("--train-output")
    {
        Description = "The file for training [default: rows.train.jsonl beside rows.jsonl]",
        HelpName = "FILE",
    };
    private readonly Option<string?> devOutput = new("--dev-output")
    {
        Description = "The file for development [default: rows.dev.jsonl beside rows.jsonl]",
        HelpName = "FILE",
    };
    private readonly Option<bool> overwrite = SharedOptions.Overwrite();

    public DataSplitCommand(Terminal terminal)
        : base("split", "Divide a question file into one for training and one for development; nothing is written when it has errors")
    {
        this.terminal = terminal;
        input = new QuestionInput(terminal, "The file to divide");
        by.AcceptOnlyFromAmong("context", "title", "row");
        input.AddTo(this);
        foreach (var option in new Option[] { dev, by, seed, titles, trainOutput, devOutput, overwrite })
            Add(option);
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "xdistil data split rows.jsonl --dev 0.2 --by title --seed 7",
        "xdistil data split dev-v2.0.json --titles titles.tsv --dev-output dev-a.json.gz --train-output rest.json.gz",
    ];

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        CheckUsage(parsed);
        var path = parsed.GetValue(input.File)!;
        string[] outputs = [parsed.GetValue(trainOutput) ?? Beside(path, "train"), parsed.GetValue(devOutput) ?? Beside(path, "dev")];
        if (Path.GetFullPath(outputs[0]) == Path.GetFullPath(outputs[1]))
            throw new UsageException("--train-output and --dev-output are the same file.");
        foreach (var output in outputs)
            OutputFile.Check(output, parsed.GetValue(overwrite));

        // Read through once for the verdict and the plan, and once for each part.
        var first = new FirstRow();
        var report = new DataReportBuilder(path);
        var plan = Plan(parsed, first.Of(report.Rows(Items(parsed, cancellation), DataUse.Evaluate)));
        var formats = outputs.Select(output => Format(output, first.Row)).ToArray();
        for (var part = 0; part < 2; part++)
        {
            var counts = new GroupCount(parsed.GetValue(titles) is null ? By(parsed) : SplitBy.Title);
            var isDev = part == 1;
            var rows = Items(parsed, cancellation).Select(item => item.Row).OfType<QuestionRow>().Where(row => plan.IsDev(row) == isDev);
            QuestionFile.Write(outputs[part], formats[part], counts.Of(rows));
            terminal.Output.WriteLine($"{outputs[part]}: {counts}");
        }
        if (report.Build() is { Count: > 0 and var warnings })
            terminal.Tell($"{path}: {Counted.Of(warnings, "warning")}; 'xdistil data check' lists them.");
        return ExitCode.Success;
    }

    private void CheckUsage(ParseResult parsed)
    {
        if (input.IsStandardInput(parsed))
            throw new UsageException("FILE is -, but a file is read several times to divide it. Name a file.");
        if ((parsed.GetValue(dev) is null) == (parsed.GetValue(titles) is null))
            throw new UsageException("give either --dev or --titles.");
        if (parsed.GetValue(titles) is not null && parsed.GetResult(by) is { Implicit: false })
            throw new UsageException("--by and --titles exclude each other.");
    }

    private IEnumerable<DataItem> Items(ParseResult parsed, CancellationToken cancellation) => input.Read(parsed, new(), cancellation);

    private SplitBy By(ParseResult parsed) => Enum.Parse<SplitBy>(parsed.GetValue(by)!, ignoreCase: true);

    private DataSplit Plan(ParseResult parsed, IEnumerable<QuestionRow> rows)
    {
        if (parsed.GetValue(titles) is not { } file)
            return DataSplit.Random(rows, By(parsed), parsed.GetValue(dev)!.Value, parsed.GetValue(seed));
        var wanted = TitleList.Read(file);
        var absent = wanted.ToHashSet(StringComparer.Ordinal);
        foreach (var row in rows)
            absent.Remove(row.Title ?? "");
        return absent.Count == 0
            ? DataSplit.ByTitles(wanted)
            : throw new XDistilException(
                $"{file}: {Counted.Of(absent.Count, "title")} not in {parsed.GetValue(input.File)}: {string.Join(", ", absent.Order(StringComparer.Ordinal).Take(10))}{(absent.Count > 10 ? ", ..." : "")}. Titles are compared exactly."
            );
    }

    // rows.jsonl.gz -> rows.train.jsonl.gz
    private static string Beside(string path, string part)
    {
        var plain = FileName.WithoutCompression(path);
        var ending = Path.GetExtension(plain);
        return $"{plain[..^ending.Length]}.{part}{ending}{path[plain.Length..]}";
    }

    private static QuestionFormat Format(string output, QuestionRow? first) =>
        FileName.Format(output) switch
        {
            null => throw new UsageException(
                $"the name {output} tells no format. Give --train-output and --dev-output with names that do."
            ),
            QuestionFormat.Squad
                when first?.Place is { Line: null, Row: null, Path: { } place }
                    && !place.Contains(".paragraphs[", StringComparison.Ordinal) => QuestionFormat.JsonArray,
            { } format => format,
        };

    private static double? Share(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1)
            return share;
        argument.AddError($"--dev is {text}, expected a share between 0 and 1, both excluded.");
        return null;
    }

    private sealed class FirstRow
    {
        public QuestionRow? Row { get; private set; }

        public IEnumerable<QuestionRow> Of(IEnumerable<QuestionRow> rows)
        {
            foreach (var row in rows)
            {
                Row ??= row;
                yield return row;
            }
        }
    }
}
