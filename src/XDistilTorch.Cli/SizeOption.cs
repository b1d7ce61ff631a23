using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace XDistilTorch.Cli;

/// <summary>Sizes on the command line: <c>20MB</c>, <c>1.5GB</c>, <c>512MiB</c>, or bytes alone.</summary>
internal static class SizeOption
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("KB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("B", 1),
        ("", 1),
    ];

    public static Option<long?> Create(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "SIZE",
            CustomParser = result => Parse(result, name),
        };

    private static long? Parse(ArgumentResult result, string name)
    {
        var given = result.Tokens[0].Value.Trim();
        var (unit, bytes) = Units.First(unit => given.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        var digits = given[..^unit.Length].TrimEnd();
        if (
            double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * bytes is >= 1 and < 1e18 and var size
        )
            return (long)size;
        result.AddError($"{name} is {given}, expected a size such as 20MB, 1.5GB or 512MiB.");
        return null;
    }
}
