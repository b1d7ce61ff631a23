namespace XDistilTorch.Server;

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem, Exception? cause = null) : Exception(problem.Detail, cause)
{
    public Problem Problem { get; } = problem;
}
