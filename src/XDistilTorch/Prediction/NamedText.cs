namespace XDistilTorch.Prediction;

/// <summary>A question or a document of <see cref="DocumentPredictor"/>.</summary>
/// <param name="Name">A question's id, or a document's file name or id.</param>
/// <param name="Text">The text.</param>
/// <param name="Line">The line of its file where it stands; null where it has none.</param>
public sealed record NamedText(string Name, string Text, long? Line = null);
