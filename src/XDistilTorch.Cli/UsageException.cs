namespace XDistilTorch.Cli;

/// <summary>The command line asks for something that does not go together; ends with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
