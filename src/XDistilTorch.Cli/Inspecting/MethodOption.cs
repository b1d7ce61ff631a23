using System.CommandLine;
using System.CommandLine.Parsing;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary><c>--method</c>: which way of attribution.</summary>
internal static class MethodOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--method")
        {
            Description = "Which method, or all of them with their agreement",
            HelpName = string.Join('|', AttributionMethod.Names),
            DefaultValueFactory = _ => AttributionMethod.IntegratedGradients,
            CustomParser = Parse,
        };
        option.CompletionSources.Add([.. AttributionMethod.Names]);
        return option;
    }

    private static string? Parse(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        if (AttributionMethod.Names.Contains(given))
            return given;
        result.AddError(
            $"--method is {given}, expected {string.Join(", ", AttributionMethod.Names.SkipLast(1))} or {AttributionMethod.All}."
        );
        return null;
    }
}
