using System.Globalization;
using XDistilTorch.Bench;

// xdistil-bench WHAT [ROUNDS]: prints ratios within one run.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20;
switch (args.FirstOrDefault())
{
    case "forward":
        ForwardBench.Run(rounds);
        return 0;
    default:
        Console.Error.WriteLine("xdistil-bench forward [ROUNDS]");
        return 2;
}
