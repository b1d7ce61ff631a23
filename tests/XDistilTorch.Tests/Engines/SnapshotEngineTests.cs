using CsCheck;
using XDistilTorch.Engines;
using XDistilTorch.Engines.Packed;
using XDistilTorch.Pruning;
using XDistilTorch.Testing;
using XDistilTorch.Tests.Modeling;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Engines;

/// <summary>What engines over packed weights compute, against the reference values and against the module tree.</summary>
public class SnapshotEngineTests
{
    private const double Tolerance = 5e-5;

    // Heads of 8, 32 and 40 features: filled up to a panel of each vector width, exact, and more than one.
    public static TheoryData<int, int, bool> Shapes =>
        new()
        {
            { 32, 4, true },
            { 32, 4, false },
            { 64, 2, true },
            { 64, 2, false },
            { 80, 2, true },
            { 80, 2, false },
        };

    [Theory, MemberData(nameof(Shapes))]
    public void Logits_equal_the_module_trees(int hidden, int heads, bool wide)
    {
        using var model = TinyModel.Random(layers: 3, hidden: hidden, heads: heads);
        using var engine = new SnapshotEngine(model, Arithmetic.Floats, workers: 2, notice: null, wide);
        var windows = EngineWindows.OfLengths(1, 40, 3, 17, 33, 16, 12, 13, 25, 40, 40, 2, 40, 40, 40, 40, 40, 40, 40, 40);

        var logits = engine.Run(windows);

        var eager = new EagerEngine(model, CPU).Run(windows);
        var largest = eager.SelectMany(l => l.Start.Concat(l.End)).Max(Math.Abs); // rounding grows with the numbers, and these weights are large
        EngineWindows.Difference(logits, eager).Should().BeLessThan(Tolerance * Math.Max(1, largest));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Logits_equal_the_reference_values(bool wide)
    {
        using var golden = GoldenTensors.Require(TinyModel.Cases);
        using var model = TinyModel.Load();
        using var engine = new SnapshotEngine(model, Arithmetic.Floats, workers: 1, notice: null, wide);
        var cases = GoldenTensors.Names(TinyModel.Cases).Where(name => name.EndsWith("/input_ids", StringComparison.Ordinal)).ToList();
        cases.Should().NotBeEmpty();

        var rows = 0;
        foreach (var name in cases.Select(name => name.Split('/')[0]))
        foreach (var (window, start, end) in Rows(golden, name))
        {
            rows++;
            var logits = engine.Run([window])[0];
            logits.Start.Zip(start, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan((float)TinyModel.Tolerance, name);
            logits.End.Zip(end, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan((float)TinyModel.Tolerance, name);
        }
        rows.Should().BeGreaterThan(5);
    }

    [Fact]
    public void A_windows_logits_are_the_same_bits_alone_beside_others_in_a_team_and_by_any_number_of_workers()
    {
        using var model = TinyModel.Random(layers: 2, hidden: 64, heads: 2);
        using SnapshotEngine one = new(model, workers: 1),
            three = new(model, workers: 3);
        Gen.Int[1, 40]
            .List[1, 30]
            .Sample(
                lengths =>
                {
                    var windows = EngineWindows.OfLengths([.. lengths]);
                    var together = EngineWindows.Bits(one.Run(windows));
                    EngineWindows.Bits(three.Run(windows)).Should().Equal(together);
                    EngineWindows.Bits(windows.SelectMany(window => three.Run([window]))).Should().Equal(together);
                },
                iter: 30
            );
    }

    public static TheoryData<bool, bool> Int8Ways => new MatrixTheoryData<bool, bool>([true, false], [true, false]);

    [Theory, MemberData(nameof(Int8Ways))]
    public void Int8_is_near_the_module_tree_and_the_same_bits_beside_others(bool wide, bool bytes)
    {
        Assert.SkipWhen(bytes && !Int8Support.HasVnni, "this processor has no VNNI");
        using var model = TinyModel.Random(layers: 2, hidden: 64, heads: 2);
        using var engine = new SnapshotEngine(model, bytes ? Arithmetic.Bytes : Arithmetic.Shorts, workers: 2, notice: null, wide);
        var windows = EngineWindows.OfLengths(1, 40, 3, 17, 33, 40, 12);

        var logits = engine.Run(windows);

        var eager = new EagerEngine(model, CPU).Run(windows);
        var spread = eager.SelectMany(l => l.Start.Concat(l.End)).Select(x => (double)x).ToList();
        EngineWindows.Difference(logits, eager).Should().BePositive().And.BeLessThan(0.3 * (spread.Max() - spread.Min()));
        EngineWindows.Bits(windows.SelectMany(window => engine.Run([window]))).Should().Equal(EngineWindows.Bits(logits));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Layers_with_fewer_heads_or_none_are_the_module_trees(bool quantized)
    {
        using var whole = TinyModel.Random(layers: 3, hidden: 64, heads: 4);
        using var model = ModelPruning.Heads(whole, [new(0, 0), new(0, 1), new(0, 2), new(0, 3), new(1, 2)]);
        using var engine = new SnapshotEngine(model, quantized, workers: 2);
        var windows = EngineWindows.OfLengths(40, 3, 17);

        var difference = EngineWindows.Difference(engine.Run(windows), new EagerEngine(model, CPU).Run(windows));

        difference.Should().BeLessThan(quantized ? 3 : Tolerance);
    }

    [Fact]
    public void No_windows_give_no_logits()
    {
        using var model = TinyModel.Random(hidden: 32, heads: 2);
        using var engine = new SnapshotEngine(model);

        engine.Run([]).Should().BeEmpty();
    }

    [Theory]
    [InlineData(41, 7, "window 1 has 41 tokens, this model has positions for 1 to 40*")]
    [InlineData(5, 50, "window 1 holds the id 50, expected 0 to 49*")]
    [InlineData(5, -1, "window 1 holds the id -1, expected 0 to 49*")]
    public void Windows_that_do_not_fit_the_model_are_refused(int length, int id, string message)
    {
        using var model = TinyModel.Random(hidden: 32, heads: 2);
        using var engine = new SnapshotEngine(model);
        var window = EngineWindows.Random(length, 1);
        window.Ids[^1] = id;

        var run = () => engine.Run([EngineWindows.Random(4, 2), window]);

        run.Should().Throw<ArgumentException>().WithMessage(message);
    }

    public static TheoryData<bool, string> NotFinite =>
        new MatrixTheoryData<bool, string>([false, true], ["query", "value", "intermediate.dense", "output.dense"]);

    [Theory, MemberData(nameof(NotFinite))]
    public void A_model_that_is_not_finite_gives_logits_that_are_not(bool quantized, string where)
    {
        using var model = TinyModel.Random(hidden: 32, heads: 2);
        using (no_grad())
            model.named_parameters().First(p => p.name.EndsWith($"{where}.weight", StringComparison.Ordinal)).parameter[3].fill_(float.NaN);
        using var engine = new SnapshotEngine(model, quantized);

        engine.Run(EngineWindows.OfLengths(10))[0].Start.Should().OnlyContain(x => float.IsNaN(x));
    }

    [Fact]
    public void What_is_packed_within_a_callers_scope_outlives_it()
    {
        using var model = TinyModel.Random(hidden: 32, heads: 2);
        using var engine = new SnapshotEngine(model, quantized: true);
        var windows = EngineWindows.OfLengths(10);
        int[] within;
        using (NewDisposeScope())
            within = EngineWindows.Bits(engine.Run(windows));

        EngineWindows.Bits(engine.Run(windows)).Should().Equal(within);
    }

    private static List<(TokenWindow Window, float[] Start, float[] End)> Rows(GoldenTensors golden, string name)
    {
        using var scope = NewDisposeScope();
        Tensor ids = golden[$"{name}/input_ids"],
            types = golden[$"{name}/token_type_ids"],
            mask = golden[$"{name}/attention_mask"],
            start = golden[$"{name}/start_logits"],
            end = golden[$"{name}/end_logits"];
        List<(TokenWindow, float[], float[])> rows = [];
        for (var row = 0; row < ids.shape[0]; row++)
        {
            var length = (int)mask[row].sum().item<long>();
            if (mask[row].narrow(0, 0, length).sum().item<long>() < length)
                continue; // padded on the left: no window is
            var window = EngineWindows.Random(length, 1);
            for (var i = 0; i < length; i++)
                (window.Ids[i], window.TypeIds[i]) = ((int)ids[row][i].item<long>(), (int)types[row][i].item<long>());
            rows.Add((window, start[row].data<float>().ToArray()[..length], end[row].data<float>().ToArray()[..length]));
        }
        return rows;
    }
}
