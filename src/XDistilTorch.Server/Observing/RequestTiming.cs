using System.Globalization;

namespace XDistilTorch.Server.Observing;

/// <summary>Where a request's time went.</summary>
/// <param name="Tokenize">Texts to windows.</param>
/// <param name="Queue">Windows waiting for the engine.</param>
/// <param name="Compute">Windows in the engine.</param>
internal readonly record struct RequestTiming(TimeSpan Tokenize, TimeSpan Queue, TimeSpan Compute)
{
    /// <summary>As the <c>Server-Timing</c> header has it, in milliseconds.</summary>
    public string ToHeader() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={Queue.TotalMilliseconds:0.###}, tokenize;dur={Tokenize.TotalMilliseconds:0.###}, compute;dur={Compute.TotalMilliseconds:0.###}"
        );
}
