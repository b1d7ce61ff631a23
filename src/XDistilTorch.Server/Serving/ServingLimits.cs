namespace XDistilTorch.Server;

/// <summary>How much one client, and all together, may ask for. What is beyond is refused with a problem that says so, never cut.</summary>
public sealed record ServingLimits
{
    /// <summary>The longest request body, in bytes.</summary>
    public int BodyBytes { get; init; } = 8 << 20;

    /// <summary>The longest text, in UTF-16 units.</summary>
    public int ContextCharacters { get; init; } = 1_000_000;

    /// <summary>The longest question, in UTF-16 units; the tokenizer has a limit of its own.</summary>
    public int QuestionCharacters { get; init; } = 2_000;

    /// <summary>The most questions of one request.</summary>
    public int Questions { get; init; } = 256;

    /// <summary>The most windows that the questions of one request may need.</summary>
    public int Windows { get; init; } = 4_096;

    /// <summary>The most answers that a question may list; also the largest n-best.</summary>
    public int Answers { get; init; } = 100;

    /// <summary>The most questions that may wait or be computed at a time, over all clients.</summary>
    public int QueuedQuestions { get; init; } = 1_024;

    /// <summary>The most windows that may wait or be computed at a time, over all clients: they are what takes memory.</summary>
    public int QueuedWindows { get; init; } = 16_384;

    /// <summary>The most inspections that may wait or be computed at a time; they are computed one after the other.</summary>
    public int QueuedInspections { get; init; } = 8;

    /// <summary>How long a request may take, from its first byte to its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="ArgumentOutOfRangeException">A limit lets nothing through.</exception>
    internal void Check()
    {
        foreach (
            var (limit, name) in new[]
            {
                (BodyBytes, nameof(BodyBytes)),
                (ContextCharacters, nameof(ContextCharacters)),
                (QuestionCharacters, nameof(QuestionCharacters)),
                (Questions, nameof(Questions)),
                (Windows, nameof(Windows)),
                (Answers, nameof(Answers)),
                (QueuedQuestions, nameof(QueuedQuestions)),
                (QueuedWindows, nameof(QueuedWindows)),
                (QueuedInspections, nameof(QueuedInspections)),
            }
        )
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, name);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
    }
}
