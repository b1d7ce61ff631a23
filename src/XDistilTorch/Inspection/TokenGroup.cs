namespace XDistilTorch.Inspection;

/// <summary>What a token of a window belongs to; each to one, padding to none.</summary>
public enum TokenGroup
{
    /// <summary><c>[CLS]</c>, whose logits say "no answer".</summary>
    Cls,

    /// <summary>The question.</summary>
    Question,

    /// <summary>Both <c>[SEP]</c>.</summary>
    Sep,

    /// <summary>The answer that is looked at.</summary>
    Answer,

    /// <summary>The context without the answer.</summary>
    Context,
}
