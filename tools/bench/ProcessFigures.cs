namespace XDistilTorch.Bench;

/// <summary>One of our engines as a process of the tool.</summary>
/// <param name="Engine">Which one.</param>
/// <param name="StartSeconds">From the process's start to the printed answer of a short question, in each round.</param>
/// <param name="AskPeakMegabytes">The largest memory of such a process.</param>
/// <param name="PredictPeakMegabytes">The largest memory of a process that answers a file of questions.</param>
internal sealed record ProcessFigures(string Engine, double[] StartSeconds, long AskPeakMegabytes, long PredictPeakMegabytes);
