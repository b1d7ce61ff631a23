namespace XDistilTorch.Parity.Documents;

public class ShellCommandsTests
{
    [Theory]
    [InlineData("xdistil ask --question \"Who?\" # a remark\n", "xdistil|ask|--question|Who?")]
    [InlineData("A=1 xdistil serve 2>/dev/null >> out.txt", "xdistil|serve")]
    [InlineData("xdistil train --x \\\n  --y 'a b'\"c\"", "xdistil|train|--x|--y|a bc")]
    [InlineData("a | b; c && d\ne", "a/b/c/d/e")]
    [InlineData("x --q <(echo \"a\") \"$(cat f)\" $(g (h) i) < in", "x|--q|<(echo \"a\")|$(cat f)|$(g (h) i)")]
    [InlineData("echo a#b \"say \\\"c\\\"\"", "echo|a#b|say \"c\"")]
    public void Shell_text_is_taken_apart_as_a_shell_does(string text, string expected)
    {
        var commands = ShellCommands.Of(text);

        string.Join('/', commands.Select(words => string.Join('|', words))).Should().Be(expected);
    }
}
