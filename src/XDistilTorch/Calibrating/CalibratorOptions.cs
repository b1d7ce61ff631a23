namespace XDistilTorch.Calibrating;

/// <summary>How a calibration is fitted and what is reported.</summary>
public sealed record CalibratorOptions
{
    /// <summary>The longest window, in tokens; null: 384, or less where the model has fewer positions.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many context tokens neighbouring windows share; null: min(128, <see cref="MaxLength"/> / 2).</summary>
    public int? Stride { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    public int? MaxAnswerLength { get; init; }

    /// <summary>Whether one temperature serves for spans and no answer (<see cref="Evaluation.CalibrationFit.Find"/>).</summary>
    public bool OneTemperature { get; init; }

    /// <summary>For which numbers of windows questions are asked again over longer texts; 1 is the contexts as they are. Empty: for none.</summary>
    public IReadOnlyList<int> ReportWindows { get; init; } = [1, 4, 16];

    /// <summary>How many questions, left to chance, are asked again for each of <see cref="ReportWindows"/>; 0: none.</summary>
    public int ReportQuestions { get; init; } = 200;

    /// <summary>The seed of <see cref="ReportQuestions"/> and of the longer texts.</summary>
    public long Seed { get; init; } = 1;

    internal void Check()
    {
        foreach (var windows in ReportWindows)
            ArgumentOutOfRangeException.ThrowIfLessThan(windows, 1, nameof(ReportWindows));
        ArgumentOutOfRangeException.ThrowIfNegative(ReportQuestions);
    }
}
