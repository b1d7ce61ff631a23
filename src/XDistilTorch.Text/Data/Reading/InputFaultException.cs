namespace XDistilTorch.Data.Reading;

/// <summary>Ends the reading of a line, or of the whole input where nothing after the fault can be trusted. Never leaves the reader.</summary>
internal sealed class InputFaultException(DataFault fault) : Exception(fault.ToString())
{
    public DataFault Fault { get; } = fault;
}
