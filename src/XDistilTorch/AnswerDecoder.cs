using XDistilTorch.Decoding;
using XDistilTorch.Engines;
using XDistilTorch.Windows;

namespace XDistilTorch;

/// <summary>Makes answers of a question's windows and logits with the decoder that the options ask for. Immutable; any number of threads may use one.</summary>
internal sealed class AnswerDecoder
{
    private readonly int topK;
    private readonly int classTokenId;
    private readonly SquadDecoder? squad;
    private readonly PipelineDecoder? pipeline;
    private readonly CalibratedDecoder? calibrated;

    /// <param name="settings">The options with everything settled.</param>
    /// <param name="classTokenId">The id of [CLS].</param>
    public AnswerDecoder(AnswerSettings settings, int classTokenId)
    {
        (topK, this.classTokenId) = (settings.TopK, classTokenId);
        switch (settings.Decoder)
        {
            case DecoderKind.Squad:
                squad = new SquadDecoder(
                    new SquadDecoderOptions
                    {
                        NBestSize = settings.NBestSize,
                        MaxAnswerLength = settings.MaxAnswerLength,
                        AllowNoAnswer = !settings.AlwaysAnswer,
                        NullThreshold = (float)settings.NullThreshold,
                    }
                );
                break;
            case DecoderKind.Pipeline:
                pipeline = new PipelineDecoder(
                    new PipelineDecoderOptions
                    {
                        TopK = settings.TopK,
                        MaxAnswerLength = settings.MaxAnswerLength,
                        AllowNoAnswer = !settings.AlwaysAnswer,
                    }
                );
                break;
            default:
                calibrated = new CalibratedDecoder(
                    new CalibratedDecoderOptions
                    {
                        Temperature = settings.Temperature,
                        NullTemperature = settings.NullTemperature,
                        NullThreshold = settings.NullThreshold,
                        MaxAnswerLength = settings.MaxAnswerLength,
                        AllowNoAnswer = !settings.AlwaysAnswer,
                    }
                );
                break;
        }
    }

    /// <summary>Decodes one question over one text.</summary>
    /// <param name="question">The question as given.</param>
    /// <param name="id">The caller's name for it.</param>
    /// <param name="builder">Of the very text that the windows are from.</param>
    /// <param name="context">That text.</param>
    /// <param name="windows">All its windows.</param>
    /// <param name="logits">Those of each window.</param>
    public DecodedQuestion Decode(
        string question,
        string? id,
        AnswerBuilder builder,
        string context,
        IReadOnlyList<TokenWindow> windows,
        IReadOnlyList<WindowLogits> logits
    )
    {
        var inputs = Inputs(windows, logits);
        if (squad is not null)
        {
            var decoding = squad.Decode(inputs);
            return new DecodedQuestion(builder.FromSquad(question, decoding, topK, id), windows.Count, decoding.NullOdds, decoding);
        }
        if (pipeline is not null)
        {
            var answer = builder.FromPipeline(question, pipeline.Decode(context, inputs), id);
            return new DecodedQuestion(answer, windows.Count, NullOdds(answer), null);
        }
        var found = calibrated!.Decode(context, inputs, topK);
        return new DecodedQuestion(builder.FromCalibrated(question, found, id), windows.Count, found.NullOdds, null);
    }

    /// <summary>Decodes one question over several documents, with the <c>calibrated</c> decoder.</summary>
    public DecodedQuestion Decode(string question, string? id, AnswerBuilder builder, IReadOnlyList<DocumentWindows> documents)
    {
        var found = calibrated!.Decode(documents, topK);
        return new DecodedQuestion(builder.FromCalibrated(question, found, id), documents.Sum(d => d.Windows.Count), found.NullOdds, null);
    }

    /// <summary>What a decoder sees of windows.</summary>
    public DecoderWindow[] Inputs(IReadOnlyList<TokenWindow> windows, IReadOnlyList<WindowLogits> logits)
    {
        var inputs = new DecoderWindow[windows.Count];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = DecoderWindow.FromTokens(windows[i], logits[i].Start, logits[i].End, classTokenId);
        return inputs;
    }

    // Both are probabilities of the same kind, so their difference ranks as the squad decoder's null odds do.
    private static double? NullOdds(Answer answer) =>
        answer is { NullScore: { } none, Answers: [{ Score: var best }, ..] } ? (double)none - best : null;
}
