#:project ../src/XDistilTorch/XDistilTorch.csproj
#:property UsesTorchBackend=true
#:property PublishAot=false

// dotnet run -c Release samples/WalkThrough.cs
//
// One question over one text, followed from its tokens to the cause of the answer. Each step asks one thing of the model, prints what it sees, and says what that can and
// cannot show. docs/walk-through.md has the output.

using XDistilTorch;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;
using XDistilTorch.Inspection.Causality;
using XDistilTorch.Modeling;
using static System.FormattableString;
using static TorchSharp.torch;

const string Question = "Who designed the tower?";
const string OtherQuestion = "Who left the tower?"; // as many tokens: what step 8 needs

var folder = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..");
var text = File.ReadAllText(Path.Combine(folder, "samples/texts/lighthouse.txt"));
using var answerer = QuestionAnswerer.FromPretrained(Path.Combine(folder, "weights/e5-small-v2-squad2"));
var model = answerer.Model;
using var scope = NewDisposeScope(); // every tensor below lives as long as the program
using var noGradients = no_grad();

Title("1", "Tokens", "what the model is given: entries of its vocabulary, each with its place in the text");
var tokens = answerer.Tokenizer.Encode(Question);
foreach (var (piece, id) in tokens.Tokens.Zip(tokens.Ids))
    Row($"{piece, -12}{id, 8}");

// A text longer than a window is cut into several, which overlap so that no answer is lost at a cut. 384 tokens are usual; fewer make two windows of this short text.
Title("2", "Windows", "the question before every part of the text");
var options = new AnswerOptions { MaxLength = 128, Stride = 32 };
var question = InspectedQuestion.Of(answerer, Question, text, options);
foreach (var each in question.Windows)
{
    var covered = each.Covered(each.ContextTokens);
    Row(Invariant($"window {each.Tokens.Index}: {each.Length} tokens, characters {covered.Start} to {covered.End} of {text.Length}"));
}

// The model gives each token two numbers: how much it speaks for being the first of the answer, and the last. A span's score is the sum of two; that of "no answer" is
// [CLS]'s own. The best span of all windows is the answer, if it is above "no answer".
Title("3", "Logits", "two numbers a token, and the span with the largest sum");
var target = InspectedTarget.Of(question);
var (window, answer) = (target.Window, target.Span!.Value);
var logits = question.Logits[window.Tokens.Index];
Row($"answer: \"{question.Answer.Text}\", tokens {answer} of window {window.Tokens.Index}");
Row("best first tokens: " + string.Join(", ", Best(logits.Start, 3).Select(i => $"{window.TextOf(i)} {Two(logits.Start[i])}")));
Row("best last tokens:  " + string.Join(", ", Best(logits.End, 3).Select(i => $"{window.TextOf(i)} {Two(logits.End[i])}")));
Row($"score {Two(LogitTarget.Span(answer).Of(logits))}, no answer {Two(LogitTarget.Null.Of(logits))}");
var margin = LogitTarget.Margin(answer); // the one minus the other: what is explained from here on
Row($"margin {Two(margin.Of(logits))}: the number that is explained from here on");

// The head that reads the last layer can be held to every layer. That shows what it can read there; an earlier layer may hold the answer in a form that it cannot read.
Title("4", "Span lens", "from which layer on is the answer there?");
var input = window.ToInput(answerer.Device); // [1, S]
var lens = SpanLens.Run(model, input);
foreach (var layer in lens.Where(layer => layer.Layer % 2 == 0))
{
    var best = layer.Best(window.ContextTokens, 1)[0];
    Row(
        Invariant(
            $"after {layer.Layer, 2} layers: the answer ranks {layer.Rank(answer, window.ContextTokens) + 1, 4}, best is \"{Words(best)}\""
        )
    );
}
Row(Invariant($"the best from layer {SpanLens.SettledAt(lens, answer, window.ContextTokens)} on"));

// Attention says from where the answer's tokens read. What they do with it, and whether the answer needs it, it does not say; steps 7 to 9 do.
Title("5", "Attention", "where do the answer's tokens look?");
foreach (var layer in AttentionReport.Of(model, target, layers: [0, 3, 6, 9, 10, 11]).Layers)
{
    var mass = layer.Mean.GroupMass;
    var most = Best([.. layer.Mean.LooksAt], window.Length).First(i => window.Tokens.SequenceIds[i] >= 0 && !answer.Contains(i));
    Row(
        $"layer {layer.Layer, 2}: question {Two(mass[TokenGroup.Question])}, itself {Two(mass[TokenGroup.Answer])}, [SEP] {Two(mass[TokenGroup.Sep])}; outside itself most at \"{window.TextOf(most)}\""
    );
}

// Integrated gradients share the margin out among the words, along the straight way from a text of [MASK]s to this one. What they share out is right to the completeness
// error; how depends on the baseline.
Title("6", "Attribution", "which words speak for the answer, which against it?");
var baseline = BaselineIds.Of(window.Tokens, answerer.Tokenizer.MaskId!.Value);
var attribution = IntegratedGradients.Of(model, input, margin, baseline, rule: QuadratureRule.GaussLegendre(20));
var words = TokenUnit.Of(window, TokenUnitKind.Word).OrderByDescending(word => Math.Abs(word.ValueIn(attribution)));
foreach (var word in words.Take(8))
    Row($"{Signed(word.ValueIn(attribution)), 7}  {word.TextIn(window)}{(word.InContext ? "" : " (question)")}");

Row(
    $"all tokens together {Two(attribution.Sum)}; margin minus the baseline's {Two(attribution.TargetValue - attribution.BaselineValue!.Value)}"
);

// Taking a head away is an experiment, not a reading: what the margin loses, it needed. What other heads make up for does not show.
Title("7", "Ablation", "which heads does the answer need?");
int[] upper = [6, 7, 8, 9, 10, 11];
var all = margin.Of(logits);
var effects = new Ablation(model)
    .Heads(input, margin, upper)
    .SelectMany((heads, i) => heads.Select((score, head) => (Layer: upper[i], Head: head, Change: score - all)))
    .OrderBy(effect => effect.Change)
    .ToList();
foreach (var (layer, head, change) in effects.Take(4).Append(effects[^1]))
    Row(Invariant($"without head {head, 2} of layer {layer, 2}: {Signed(change)}"));

// A question of as many tokens with another answer. Where does a value of the first run, put into the second, bring the first margin back? To first order one backward pass
// estimates all places at once; the strongest are then tried out.
Title("8", "Activation patching", $"where do \"{Question}\" and \"{OtherQuestion}\" part?");
var other = InspectedQuestion.Of(answerer, OtherQuestion, text, options).Windows[window.Tokens.Index].ToInput(answerer.Device);
PatchingGrid estimate;
using (enable_grad())
    estimate = AttributionPatching.Run(model, input, other, margin);
Row($"margin of \"{question.Answer.Text}\": {Two(estimate.Clean)}, with the other question {Two(estimate.Corrupted)}");
Point[] states = [Point.Embeddings, .. Enumerable.Range(0, model.Config.NumHiddenLayers).Select(Point.LayerOutput)];
using var clean = new ForwardContext().Record(states);
model.Forward(input, clean);
foreach (var depth in new[] { 0, 2, 4, 6, 8, 10, 12 })
{
    var row = estimate.HiddenStates[depth];
    var position = Best([.. row.Select(value => (float)Math.Abs(value))], 1).Single();
    Row(
        Invariant(
            $"after {depth, 2} layers: \"{window.TextOf(position)}\" estimated {Signed(row[position]), 6}, patched {Signed(Patched(states[depth], position) - estimate.Corrupted), 6}"
        )
    );
}

// The last step shuts one way only: the text may not look at the question. Where the margin falls, the question came in there.
Title("9", "Attention knock-out", "in which layers does the text have to see the question?");
var groups = window.Groups(answer);
foreach (var layers in new int[][] { [0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [.. Enumerable.Range(0, 12)] })
{
    var output = new AttentionKnockout(model, layers).Run(
        input,
        queries: [.. groups.Select(group => group is TokenGroup.Context or TokenGroup.Answer)],
        keys: [.. groups.Select(group => group == TokenGroup.Question)]
    );
    Row(Invariant($"not in layers {layers[0], 1} to {layers[^1], 2}: margin {Two(Value(output)), 6}, from {Two(all)}"));
}

double Patched(Point point, int position)
{
    using var context = new ForwardContext().Replace(
        point,
        value =>
        {
            var patched = value.clone(); // [1, S, H]
            patched[0, position] = clean[point][0, position];
            return patched;
        }
    );
    return Value(model.Forward(other, context));
}

double Value(QuestionAnsweringOutput output) => margin.Of(output.StartLogits, output.EndLogits).item<float>();

string Words(TokenSpan span)
{
    var words = window.Covered(span).Of(text).ReplaceLineEndings(" ");
    return words.Length <= 50 ? words : $"{words[..24]} ... {words[^21..]}";
}

static IEnumerable<int> Best(IReadOnlyList<float> values, int count) =>
    Enumerable.Range(0, values.Count).OrderByDescending(i => values[i]).Take(count);

static string Two(double value) => Invariant($"{value:0.00}");

static string Signed(double value) => Invariant($"{value:+0.00;-0.00;0.00}");

static void Title(string number, string name, string asks) => Console.WriteLine($"{(number == "1" ? "" : "\n")}{number}. {name}: {asks}");

static void Row(string line) => Console.WriteLine($"   {line}");
