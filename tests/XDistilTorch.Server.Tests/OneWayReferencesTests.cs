namespace XDistilTorch.Server.Tests;

/// <summary>The server stands on the library, beside reports and formats and under the command line.</summary>
public class OneWayReferencesTests
{
    [Fact]
    public void The_server_knows_the_library_and_no_command_line_reports_formats_or_console() =>
        typeof(QuestionService)
            .Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name)
            .Should()
            .Contain("XDistilTorch")
            .And.NotContain([
                "xdistil",
                "XDistilTorch.Reports",
                "XDistilTorch.Formats",
                "System.CommandLine",
                "Spectre.Console",
                "System.Console",
                "OpenTelemetry",
            ]);
}
