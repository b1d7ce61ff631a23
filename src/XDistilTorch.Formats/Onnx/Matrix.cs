namespace XDistilTorch.Formats.Onnx;

/// <summary>A weight as a graph multiplies with it: one row an input, one column an output channel, row by row.</summary>
internal sealed record Matrix(float[] Values, int Rows, int Columns);
