using XDistilTorch.Tokenization;
using XDistilTorch.Windows;

namespace XDistilTorch.Cli;

/// <summary>How tokens leave the tool: for people or for machines.</summary>
internal interface ITokenPrinter
{
    void Print(Encoding encoding, TextRow row);

    void Print(IReadOnlyList<TokenWindow> windows, TextRow row);
}
