namespace XDistilTorch.Engines.Kernels;

/// <summary>The tile of every height, and how a number of rows is cut into tiles.</summary>
internal static unsafe class Tiles<TVector, TVectors>
    where TVector : struct
    where TVectors : struct, IVectors<TVector>
{
    /// <summary>How many tiles that many rows take.</summary>
    public static int Count(int rows) => (rows + TVectors.TileRows - 1) / TVectors.TileRows;

    /// <summary>The first row of a tile. Heights differ by one row at most: a tile of a row or two would wait for its own sums.</summary>
    public static int FirstRow(int tile, int tiles, int rows) => (int)((long)rows * tile / tiles);

    /// <summary>As <see cref="Tile{TVector,TVectors,TProduct,TRows}.Multiply"/>, for a height that is not known before.</summary>
    public static void Multiply<TProduct>(
        int rows,
        float* a,
        nint strideA,
        float* b,
        nint strideB,
        nint inner,
        float* start,
        float* c,
        nint strideC
    )
        where TProduct : struct, IProduct<TVector>
    {
        switch (rows)
        {
            case 1:
                Tile<TVector, TVectors, TProduct, Rows1>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 2:
                Tile<TVector, TVectors, TProduct, Rows2>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 3:
                Tile<TVector, TVectors, TProduct, Rows3>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 4:
                Tile<TVector, TVectors, TProduct, Rows4>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 5:
                Tile<TVector, TVectors, TProduct, Rows5>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 6:
                Tile<TVector, TVectors, TProduct, Rows6>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 7:
                Tile<TVector, TVectors, TProduct, Rows7>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 8:
                Tile<TVector, TVectors, TProduct, Rows8>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 9:
                Tile<TVector, TVectors, TProduct, Rows9>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 10:
                Tile<TVector, TVectors, TProduct, Rows10>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            case 11:
                Tile<TVector, TVectors, TProduct, Rows11>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
            default:
                Tile<TVector, TVectors, TProduct, Rows12>.Multiply(a, strideA, b, strideB, inner, start, c, strideC);
                break;
        }
    }
}
