using System.CommandLine;
using System.Globalization;

namespace XDistilTorch.Cli.Commands;

/// <summary>The options that several commands share.</summary>
internal static class SharedOptions
{
    public static Option<string?> Model() =>
        new("--model")
        {
            Description = $"Model folder (else {ModelFolders.Variable}, else the one under weights/ here or above)",
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

    public static Option<bool> Json(string description) => new("--json") { Description = description };

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

    public static Option<string?> InputFile(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    public static Option<string?> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', values) };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !values.Contains(given, StringComparer.Ordinal))
                result.AddError($"{name} is {given}, expected {string.Join(", ", values[..^1])} or {values[^1]}.");
        });
        option.CompletionSources.Add(values);
        return option;
    }

    /// <summary>A number written the same way everywhere: the default parser would read "1,5" as 15.</summary>
    public static Option<double?> Number(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "T",
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
                    return number;
                result.AddError($"{name} is {given}, expected a number such as 0.5.");
                return null;
            },
        };

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
