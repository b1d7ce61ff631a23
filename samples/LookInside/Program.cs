using XDistilTorch;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

// dotnet run --project samples/LookInside -- MODEL_FOLDER
// The model as an object: what layer 11 attends to, and what becomes of the logits without one layer's attention.
using var answerer = QuestionAnswerer.FromPretrained(args[0]);
var window = answerer.Tokenizer.Encode("Who repaired the clock?", "The clock had been silent until Marit Osei repaired it.");
using var scope = NewDisposeScope();
using var _ = no_grad();
var input = new BertInput
{
    InputIds = tensor(window.Ids.Select(i => (long)i).ToArray()).unsqueeze(0), // [1, S]
    TokenTypeIds = tensor(window.TypeIds.Select(i => (long)i).ToArray()).unsqueeze(0),
};

using var looking = new ForwardContext().Record(Point.AttentionProbabilities(11));
using var output = answerer.Model.Forward(input, looking);
var start = (int)output.StartLogits.argmax().item<long>();
var attention = looking[Point.AttentionProbabilities(11)].mean([1])[0, start]; // [1, heads, S, S] -> [S]
Console.WriteLine(
    $"the answer starts with '{window.Tokens[start]}'; it attends most to '{window.Tokens[(int)attention.argmax().item<long>()]}'"
);

using var without = new ForwardContext().Replace(Point.AttentionContext(10), heads => heads.zeros_like()); // [1, heads, S, D]
using var ablated = answerer.Model.Forward(input, without);
Console.WriteLine(
    $"its start logit: {output.StartLogits[0, start].item<float>():0.00}, without layer 10's attention: {ablated.StartLogits[0, start].item<float>():0.00}"
);
