using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using XDistilTorch.Server.Endpoints;
using XDistilTorch.Server.Observing;
using XDistilTorch.Server.Serving;

namespace XDistilTorch.Server;

/// <summary>Question answering as services.</summary>
public static class QuestionAnsweringServices
{
    /// <summary>
    /// Adds the models, which are loaded in the background when the host starts, and <see cref="QuestionService"/>, which answers with them. For HTTP see
    /// <see cref="QuestionAnsweringEndpoints.MapQuestionAnswering"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Which models, and how much may be asked of them.</param>
    /// <exception cref="XDistilException">When the host starts: no model is named, or one cannot be named so.</exception>
    public static IServiceCollection AddQuestionAnswering(this IServiceCollection services, Action<ServingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services
            .AddOptions<ServingOptions>()
            .Configure(configure)
            .PostConfigure(options =>
            {
                ServedModel.Check([.. options.Models]);
                options.Limits.Check();
            });
        services.AddMetrics();
        services.AddRouting();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<ServingState>();
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton(provider => new QuestionService(
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<IOptions<ServingOptions>>(),
            provider.GetRequiredService<ServerMetrics>()
        ));
        services.AddSingleton<InspectionService>();
        services.AddSingleton<QuestionEndpoints>();
        services.AddSingleton<StatusEndpoints>();
        services.AddHostedService<ModelLoading>();
        ApiDescription.AddTo(services);
        return services;
    }
}
