using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace XDistilTorch.Cli.Commands;

/// <summary>The options that several commands share.</summary>
internal static class SharedOptions
{
    public static Option<string?> Model() =>
        new("--model")
        {
            Description =
                $"Model folder, or ORG/NAME[@REVISION] of the hub (else {ModelFolders.Variable}, else the one under weights/ here, above or beside the tool)",
            HelpName = "DIR",
        };

    public static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "cpu, cuda, cuda:N or auto",
            HelpName = "D",
            DefaultValueFactory = _ => "cpu",
        };
        option.CompletionSources.Add("cpu", "cuda", "auto");
        return option;
    }

    public static Option<int?> MaxLength() => OptionalCount("--max-length", "Longest window, in tokens [default: 384]", 4);

    public static Option<int?> Stride() => OptionalCount("--stride", "Tokens that windows share [default: min(128, max-length / 2)]", 0);

    public static Option<bool> NumberRows() => new("--number-rows") { Description = "Rows without an id get their number, counted from 1" };

    public static Option<bool> Json(string description) => new("--json") { Description = description };

    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace files that are there already" };

    public static Option<int> Count(string name, string description, int least, int value) =>
        AtLeast(
            new Option<int>(name)
            {
                Description = description,
                HelpName = "N",
                DefaultValueFactory = _ => value,
            },
            least
        );

    public static Option<int?> OptionalCount(string name, string description, int least) =>
        AtLeast(new Option<int?>(name) { Description = description, HelpName = "N" }, least);

    /// <summary>A finite number; the default parser would read "1,5" as 15.</summary>
    public static Option<double?> Number(string name, string description, string example) =>
        Number(name, description, example, double.IsFinite, $"a number such as {example}");

    /// <summary>A number within a range.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="example">One that is within.</param>
    /// <param name="holds">Whether a finite number is within.</param>
    /// <param name="range">The range in words, after "expected".</param>
    public static Option<double?> Number(string name, string description, string example, Func<double, bool> holds, string range) =>
        new(name)
        {
            Description = description,
            HelpName = "T",
            CustomParser = result => ParseNumber(result, name, example, holds, range),
        };

    private static double? ParseNumber(ArgumentResult result, string name, string example, Func<double, bool> holds, string range)
    {
        var given = result.Tokens[0].Value;
        var isNumber = double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        if (isNumber && holds(number))
            return number;
        result.AddError($"{name} is {given}, expected {(isNumber ? range : $"a number such as {example}")}.");
        return null;
    }

    /// <summary>One of the names of an enumeration, in lower case.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result => ParseChoice<T>(result, name, names),
        };
        option.CompletionSources.Add(names);
        return option;
    }

    private static T? ParseChoice<T>(ArgumentResult result, string name, string[] names)
        where T : struct, Enum
    {
        var given = result.Tokens[0].Value;
        if (names.Contains(given))
            return Enum.Parse<T>(given, ignoreCase: true);
        result.AddError($"{name} is {given}, expected {(names.Length == 1 ? "" : $"{string.Join(", ", names[..^1])} or ")}{names[^1]}.");
        return null;
    }

    private static Option<T> AtLeast<T>(Option<T> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var given) && given < least)
                result.AddError($"{option.Name} is {given}, expected {least} or more.");
        });
        return option;
    }
}
