using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace XDistilTorch.Cli.Serving;

/// <summary>Who listens to what the server counts and traces: Prometheus at <c>/metrics</c>, and an OTLP collector where the usual variable names one.</summary>
internal static class Telemetry
{
    private const string Server = "XDistilTorch.Server",
        Variables = "OTEL_",
        Collector = Variables + "EXPORTER_OTLP_ENDPOINT";

    public static void AddTo(IServiceCollection services, IConfigurationBuilder configuration)
    {
        // The exporter reads its variables from the configuration, which has no others here.
        configuration.AddInMemoryCollection(
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value))
                .Where(variable => variable.Key.StartsWith(Variables, StringComparison.Ordinal))
        );
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("xdistil"))
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(Server, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                    .AddPrometheusExporter()
            );
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Collector)))
            telemetry.WithTracing(traces => traces.AddSource(Server).AddAspNetCoreInstrumentation().AddOtlpExporter());
    }
}
