namespace XDistilTorch.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;
    public const int Interrupted = 130; // 128 + SIGINT
    public const int ReaderLeft = 141; // 128 + SIGPIPE, as other tools end
    public const int Terminated = 143; // 128 + SIGTERM
}
