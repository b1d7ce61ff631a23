using XDistilTorch.Tokenization;
using Rival = Microsoft.ML.Tokenizers.BertTokenizer;

namespace XDistilTorch.Bench;

/// <summary>Tokens per second of one thread, with offsets, beside Microsoft.ML.Tokenizers' own BERT tokenizer on the same text.</summary>
internal static class TokenizerBench
{
    public static void Run(int rounds, string modelFolder, string textFile)
    {
        var ours = BertTokenizer.FromPretrained(modelFolder);
        var rival = Rival.Create(Path.Combine(modelFolder, "vocab.txt"));
        // A context of usual length at a time: 50 different cuts of the text.
        var text = File.ReadAllText(textFile);
        var contexts = Enumerable.Range(0, 50).Select(i => text[(i * 7 % 200)..]).ToArray();
        long ourTokens = contexts.Sum(c => ours.Encode(c).Length),
            rivalTokens = contexts.Sum(c => rival.EncodeToTokens(c, out _).Count);

        void Ours()
        {
            for (var i = 0; i < 20; i++)
                foreach (var context in contexts)
                    ours.Encode(context);
        }
        void Rivals()
        {
            for (var i = 0; i < 20; i++)
                foreach (var context in contexts)
                    rival.EncodeToTokens(context, out _);
        }
        var times = Interleaved.Run(rounds, Ours, Rivals);
        double[] rate = [.. times[0].Select(ms => 20 * ourTokens / ms / 1000)],
            rivalRate = [.. times[1].Select(ms => 20 * rivalTokens / ms / 1000)];
        Console.WriteLine("tokenizer, one thread, with offsets | M tokens/s | Microsoft.ML.Tokenizers | ratio");
        Console.WriteLine(
            $"{textFile, -35} | {Interleaved.Show(rate)} | {Interleaved.Show(rivalRate)} | {Interleaved.Show(Interleaved.Ratio(rate, rivalRate))}"
        );
    }
}
