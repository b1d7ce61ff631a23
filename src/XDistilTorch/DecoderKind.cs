using System.Text.Json.Serialization;
using XDistilTorch.Decoding;

namespace XDistilTorch;

/// <summary>Which decoder makes an answer of a question's logits.</summary>
public enum DecoderKind
{
    /// <summary><see cref="CalibratedDecoder"/>: all windows compete, and the probability is that of the returned answer.</summary>
    [JsonStringEnumMemberName("calibrated")]
    Calibrated,

    /// <summary><see cref="SquadDecoder"/>: that of the SQuAD benchmark.</summary>
    [JsonStringEnumMemberName("squad")]
    Squad,

    /// <summary><see cref="PipelineDecoder"/>: that of Hugging Face's question-answering pipeline.</summary>
    [JsonStringEnumMemberName("pipeline")]
    Pipeline,
}
