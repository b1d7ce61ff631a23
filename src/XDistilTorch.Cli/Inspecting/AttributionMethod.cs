using System.CommandLine;
using System.CommandLine.Parsing;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>The methods by their names on the command line.</summary>
internal static class AttributionMethod
{
    public const string GradientXInput = "gradient-x-input",
        IntegratedGradients = "integrated-gradients",
        Occlusion = "occlusion",
        Direct = "direct",
        All = "all";

    private static readonly string[] Names = [GradientXInput, IntegratedGradients, Occlusion, Direct];

    public static Option<string> Option()
    {
        var option = new Option<string>("--method")
        {
            Description = "Which method, or all of them with their agreement",
            HelpName = string.Join('|', Names.Append(All)),
            DefaultValueFactory = _ => IntegratedGradients,
            CustomParser = Parse,
        };
        option.CompletionSources.Add([.. Names, All]);
        return option;
    }

    /// <summary>The methods that a name stands for.</summary>
    public static IReadOnlyList<string> Of(string name) => name == All ? Names : [name];

    /// <summary>What a method can and cannot show.</summary>
    public static string Shows(string name) =>
        name switch
        {
            GradientXInput => Inspection.Attribution.GradientXInput.Shows,
            IntegratedGradients => Inspection.Attribution.IntegratedGradients.Shows,
            Occlusion => Inspection.Attribution.Occlusion.Shows,
            _ => DirectAttribution.Shows,
        };

    private static string? Parse(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        if (Names.Append(All).Contains(given))
            return given;
        result.AddError($"--method is {given}, expected {string.Join(", ", Names)} or {All}.");
        return null;
    }
}
