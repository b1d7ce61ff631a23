using System.Text.Json.Serialization;

namespace XDistilTorch.Training;

/// <summary>How the learning rate goes after the warm-up.</summary>
public enum SchedulerType
{
    /// <summary>Falls evenly to 0 at the last step.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,

    /// <summary>Falls to 0 along half a cosine.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,

    /// <summary>Stays.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,
}

/// <summary>The learning rate of every step, as the schedules of Hugging Face have it; a warm-up also precedes <see cref="SchedulerType.Constant"/>.</summary>
/// <param name="type">How it goes after the warm-up.</param>
/// <param name="peak">The highest rate.</param>
/// <param name="warmupSteps">Steps in which it rises evenly from 0: the first step has rate 0.</param>
/// <param name="totalSteps">All steps.</param>
public sealed class LearningRateSchedule(SchedulerType type, double peak, long warmupSteps, long totalSteps)
{
    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        if (step < warmupSteps)
            return peak * step / Math.Max(1, warmupSteps);
        var progress = (double)(step - warmupSteps) / Math.Max(1, totalSteps - warmupSteps);
        return type switch
        {
            SchedulerType.Linear => peak * Math.Max(0, 1 - progress),
            SchedulerType.Cosine => peak * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * progress))),
            _ => peak,
        };
    }
}
