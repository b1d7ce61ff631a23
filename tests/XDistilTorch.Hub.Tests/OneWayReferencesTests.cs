namespace XDistilTorch.Hub.Tests;

public class OneWayReferencesTests
{
    [Fact]
    public void The_hub_s_part_knows_none_of_the_others_and_no_console()
    {
        var references = typeof(HubClient).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        references.Should().NotContain(name => name.StartsWith("XDistilTorch")).And.NotContain(["TorchSharp", "xdistil", "System.Console"]);
    }
}
