using System.CommandLine;

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
