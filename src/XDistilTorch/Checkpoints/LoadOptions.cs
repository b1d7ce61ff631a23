namespace XDistilTorch.Checkpoints;

/// <summary>What a load may leave open.</summary>
public sealed record LoadOptions
{
    /// <summary>
    /// Parts of the module that the files need not have, by the start of their names: <c>qa_outputs</c> stands for <c>qa_outputs.weight</c>
    /// and <c>qa_outputs.bias</c>. They are left as they were initialised, and reported. Default: none.
    /// </summary>
    public IReadOnlyList<string> MayBeMissing { get; init; } = [];

    /// <summary>
    /// Whether the files must have the parameters' own types. Default: no: parameters keep their type and floating-point numbers are
    /// converted to it, which is reported. To compute in the files' type, make the module of that type and set this.
    /// </summary>
    public bool RequireSameDType { get; init; }

    /// <summary>Where the module's shape comes from, for error messages; for a model that is <c>config.json</c>.</summary>
    public string ShapedBy { get; init; } = "the module";
}
