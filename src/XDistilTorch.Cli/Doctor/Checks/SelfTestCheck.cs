using System.Diagnostics;
using System.Globalization;

namespace XDistilTorch.Cli.Doctor.Checks;

/// <summary>One question whose answer is known.</summary>
/// <param name="ask">Loads the model and answers a question from a text.</param>
/// <param name="isOwnModel">Whether the model was named: one that has learnt something else need not know the answer.</param>
internal sealed class SelfTestCheck(Func<string, string, string> ask, bool isOwnModel) : ICheck
{
    private const string Question = "Who repaired the clock?",
        Context = "The clock in the square had been silent for a year until Marit Osei repaired it in spring.",
        Expected = "Marit Osei";

    public string Name => "self-test";

    public IReadOnlyList<string> Needs => [CheckNames.LibTorch, CheckNames.Weights, "memory"];

    public Finding Run()
    {
        var watch = Stopwatch.StartNew();
        var answer = ask(Question, Context);
        var seconds = watch.Elapsed.TotalSeconds;
        if (answer == Expected)
            return Finding.Ok(
                string.Create(CultureInfo.InvariantCulture, $"\"{answer}\", as expected, {seconds:0.0} s with loading the model")
            );
        var found = $"\"{Question}\" is answered by \"{answer}\", expected \"{Expected}\"";
        return isOwnModel
            ? Finding.Warning(
                found,
                "This model may have learnt something else; without --model and XDISTIL_MODEL the bundled one is asked."
            )
            : Finding.Failed(
                found,
                "The numbers of this machine are wrong. Try `xdistil ask --engine eager`, and report this with the output of --json."
            );
    }
}
