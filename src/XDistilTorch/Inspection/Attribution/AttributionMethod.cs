namespace XDistilTorch.Inspection.Attribution;

/// <summary>The methods by the names that commands and requests have for them.</summary>
internal static class AttributionMethod
{
    public const string GradientXInput = "gradient-x-input",
        IntegratedGradients = "integrated-gradients",
        Occlusion = "occlusion",
        Direct = "direct",
        All = "all";

    /// <summary>Every name that may be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [GradientXInput, IntegratedGradients, Occlusion, Direct, All];

    /// <summary>The methods that a name stands for.</summary>
    public static IReadOnlyList<string> Of(string name) => name == All ? [.. Names.Where(one => one != All)] : [name];

    /// <summary>What a method can and cannot show.</summary>
    public static string Shows(string name) =>
        name switch
        {
            GradientXInput => Attribution.GradientXInput.Shows,
            IntegratedGradients => Attribution.IntegratedGradients.Shows,
            Occlusion => Attribution.Occlusion.Shows,
            _ => DirectAttribution.Shows,
        };
}
