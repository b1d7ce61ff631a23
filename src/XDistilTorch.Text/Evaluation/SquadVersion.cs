namespace XDistilTorch.Evaluation;

/// <summary>Whose official figures are computed.</summary>
public enum SquadVersion
{
    /// <summary>2.0 where a question has no answer or the file says <c>is_impossible</c> of any, else 1.1.</summary>
    Auto,

    /// <summary>SQuAD 1.1: every question has an answer; a missing prediction counts 0.</summary>
    V1,

    /// <summary>SQuAD 2.0: questions may have none.</summary>
    V2,
}
