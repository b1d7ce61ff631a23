using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using XDistilTorch.Data;
using XDistilTorch.Server.Endpoints;
using XDistilTorch.Server.Requests;

namespace XDistilTorch.Server;

/// <summary>Labelling in the page: its questions, and where its labels go.</summary>
public static class LabellingEndpoints
{
    private const int MostBytes = 1 << 12;

    /// <summary>What the page's Label tab asks when it is opened as <c>/?questions=server#label</c>.</summary>
    /// <param name="routes">The application's, beside <see cref="QuestionAnsweringEndpoints.MapQuestionAnswering"/>.</param>
    /// <param name="book">The questions and their labels.</param>
    public static void MapLabelling(this IEndpointRouteBuilder routes, LabelBook book)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(book);
        var labels = routes.MapGroup("/v1/label").WithMetadata(new NeedsKey());
        labels.MapGet("/questions", () => Questions(book)).WithSummary("The questions to label, as rows, and which have a label");
        labels
            .MapPut("/answers/{id}", (Delegate)((HttpContext http) => Save(http, book, Whole(http))))
            .WithSummary("Label a question: start_utf16 and end_utf16, or neither for no answer");
    }

    private static JsonText Questions(LabelBook book)
    {
        var (rows, labelled) = book.Read();
        using var body = new MemoryStream();
        body.Write("{\"rows\":"u8);
        DataWriter.Write(body, DataFormat.JsonArray, rows);
        body.Write(",\"labelled\":"u8);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartArray();
            foreach (var id in labelled)
                json.WriteStringValue(id);
            json.WriteEndArray();
        }
        body.Write("}"u8);
        return new JsonText(body.ToArray());
    }

    // As the client wrote it: a route's value has lost the difference between %2F and %252F.
    private static string Whole(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(target[(target.LastIndexOf('/') + 1)..]);
    }

    private static async Task<IResult> Save(HttpContext http, LabelBook book, string id)
    {
        var question = book.Find(id) ?? throw new ProblemException(NoSuchQuestion(id));
        var body = await RequestBody.ReadAsync(http, MostBytes, http.RequestAborted);
        var span = RequestJson.Read(body, Span);
        try
        {
            book.Save(question, span);
        }
        catch (ArgumentException e)
        {
            throw new ProblemException(Problem.Unusable(e.Message), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataException)
        {
            throw new ProblemException(new(StatusCodes.Status507InsufficientStorage, "not-saved", "The label is not saved", e.Message), e);
        }
        return Results.NoContent();
    }

    private static TextSpan? Span(JsonElement root)
    {
        var members = new JsonMembers(root, "$", "start_utf16", "end_utf16");
        return (members.FindCount("start_utf16", 0), members.FindCount("end_utf16", 0)) switch
        {
            (null, null) => null,
            ({ } start, { } end) => new TextSpan(start, end),
            _ => throw new ProblemException(Problem.BadRequest("missing-member", "expected start_utf16 and end_utf16, or neither.")),
        };
    }

    private static Problem NoSuchQuestion(string id) =>
        new(StatusCodes.Status404NotFound, "not-found", "There is no such question", $"no question here has the id {id}.");
}
