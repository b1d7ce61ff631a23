using XDistilTorch.Engines.Kernels;
using XDistilTorch.Engines.Workers;

namespace XDistilTorch.Engines.Packed;

/// <summary>
/// The forward pass over packed numbers. All but attention works row by row, so a member of a team computes its rows from end to end, and waits for the others only
/// where attention reads keys and values of all rows: once a layer. Each row's sums run in one order whatever is computed beside it: the logits of a window are the
/// same, bit for bit, alone, in a pack and in a team.
/// </summary>
internal sealed unsafe class PackedBert<TVector, TVectors, TAttention>(
    PackedShape shape,
    PackedEmbeddings embeddings,
    PackedLayer[] layers,
    PackedLinear qaOutputs
) : Snapshot(shape)
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
    where TAttention : struct, IAttention
{
    private int H => Shape.Hidden;

    public override void Compute(Pack pack, PackMemory shared, WorkerMemory own, Team team, int member, CancellationToken cancellation)
    {
        int from = (int)((long)pack.Rows * member / team.Size),
            to = (int)((long)pack.Rows * (member + 1) / team.Size);
        var block = BlockHeight(to - from);
        Embed(pack, shared.Hidden, from, to, own);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            var projection = shared.Projection(layer);
            Project(layers[layer], shared.Hidden, projection, from, to, block, own);
            team.Meet(); // keys and values of all rows are there
            Attend(layers[layer], pack, projection, shared.Context, from, to, own);
            for (var row = from; row < to; row += block)
                Transform(layers[layer], shared, row, Math.Min(block, to - row), own);
        }
        for (var row = from; row < to; row += block)
            Answer(shared, row, Math.Min(block, to - row), own);
    }

    // As few blocks as there must be, and none much smaller than the others: products of few rows are slow ones.
    private int BlockHeight(int rows)
    {
        var blocks = Math.Max(1, (rows + Shape.BlockRows - 1) / Shape.BlockRows);
        return Math.Min(Tiles<TVector, TVectors>.Count((rows + blocks - 1) / blocks) * TVectors.TileRows, Shape.BlockRows);
    }

    private void Embed(Pack pack, float* hidden, int from, int to, WorkerMemory own)
    {
        for (var window = 0; window < pack.Count; window++)
        {
            int start = pack.Start(window),
                first = Math.Max(from, start),
                last = Math.Min(to, pack.Start(window + 1));
            if (first < last)
                embeddings.Embed<TVector, TVectors>(pack[window], first - start, last - start, hidden + (long)first * H, own.Projected);
        }
    }

    // [rows, H] -> [rows, 3 heads D]
    private void Project(PackedLayer layer, float* hidden, float* projection, int from, int to, int block, WorkerMemory own)
    {
        var linear = layer.QueriesKeysValues;
        for (var row = from; row < to; row += block)
            linear.Multiply(hidden + (long)row * H, H, Math.Min(block, to - row), projection + (long)row * linear.Stride, own);
    }

    private void Attend(PackedLayer layer, Pack pack, float* projection, float* context, int from, int to, WorkerMemory own)
    {
        for (var window = 0; window < pack.Count; window++)
        {
            int start = pack.Start(window),
                end = pack.Start(window + 1),
                first = Math.Max(from, start),
                last = Math.Min(to, end);
            if (first < last)
                for (var head = 0; head < layer.Heads; head++)
                    AttendHead(layer, head, projection, context, start, end - start, first, last, own);
        }
    }

    // One head over one window: rows [start, start + length) as keys, [first, last) as queries.
    private void AttendHead(
        PackedLayer layer,
        int head,
        float* projection,
        float* context,
        int start,
        int length,
        int first,
        int last,
        WorkerMemory own
    )
    {
        int size = Shape.HeadSize,
            width = layer.Heads * size,
            stride = layer.QueriesKeysValues.Stride;
        var queries = projection + head * size;
        var window = queries + (long)start * stride;
        TAttention.Prepare(window, window + width, window + 2 * width, stride, length, size, own.Attention);
        int rows = last - first,
            tiles = Tiles<TVector, TVectors>.Count(rows);
        for (var tile = 0; tile < tiles; tile++)
        {
            int row = first + Tiles<TVector, TVectors>.FirstRow(tile, tiles, rows),
                height = first + Tiles<TVector, TVectors>.FirstRow(tile + 1, tiles, rows) - row;
            TAttention.Attend(
                height,
                queries + (long)row * stride,
                stride,
                length,
                size,
                own.Attention,
                context + (long)row * width + head * size,
                width
            );
        }
    }

    // Everything after attention, for one block of rows.
    private void Transform(PackedLayer layer, PackMemory shared, int row, int rows, WorkerMemory own)
    {
        var width = layer.Heads * Shape.HeadSize;
        var hidden = shared.Hidden + (long)row * H;
        layer.AttentionOutput.Multiply(shared.Context + (long)row * width, width, rows, own.Projected, own);
        Normalization<TVector, TVectors>.AddAndApply(own.Projected, layer.AttentionOutput.Stride, hidden, rows, H, layer.AttentionNorm);
        layer.Up.Multiply(hidden, H, rows, own.Middle, own);
        layer.Down.Multiply(own.Middle, layer.Up.Stride, rows, own.Projected, own);
        Normalization<TVector, TVectors>.AddAndApply(own.Projected, layer.Down.Stride, hidden, rows, H, layer.OutputNorm);
    }

    // [rows, H] -> [rows, 2]
    private void Answer(PackMemory shared, int row, int rows, WorkerMemory own)
    {
        qaOutputs.Multiply(shared.Hidden + (long)row * H, H, rows, own.Projected, own);
        for (var i = 0; i < rows; i++)
        {
            shared.Logits[2 * (row + i)] = own.Projected[i * qaOutputs.Stride];
            shared.Logits[2 * (row + i) + 1] = own.Projected[i * qaOutputs.Stride + 1];
        }
    }

    public override void Dispose()
    {
        embeddings.Dispose();
        foreach (var layer in layers)
            layer.Dispose();
        qaOutputs.Dispose();
    }
}
