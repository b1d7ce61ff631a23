namespace XDistilTorch.Evaluation;

/// <summary>The group of a question and its place among the groups.</summary>
internal readonly record struct GroupKey(int Order, string Name);
