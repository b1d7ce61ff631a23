namespace XDistilTorch.Cli;

/// <summary>Whoever read the results has left: nobody needs the rest.</summary>
internal sealed class ReaderLeftException() : Exception("nobody reads the results any more");
