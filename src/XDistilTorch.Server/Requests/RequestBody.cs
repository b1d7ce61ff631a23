using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace XDistilTorch.Server.Requests;

/// <summary>The bytes of a request, checked before anything is made of them: length, UTF-8.</summary>
internal static class RequestBody
{
    // Who sends too much is read on for a while, so that the answer arrives instead of a broken connection.
    private const int ReadOn = 4,
        FirstBuffer = 4 << 10;

    /// <summary>Reads all of it.</summary>
    /// <exception cref="ProblemException">It is compressed, too long, or not UTF-8.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, int most, CancellationToken cancellation)
    {
        // Other kinds than JSON are refused by routing.
        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding)
            throw new ProblemException(Problem.WrongKind($"the body is compressed (Content-Encoding: {encoding}), expected it as it is."));
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = (long)most * ReadOn;
        var body = new ArrayBufferWriter<byte>(FirstBuffer); // grows with what comes: what is announced may never come
        var length = 0L;
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(cancellation);
            length += read.Buffer.Length;
            if (length <= most)
                foreach (var part in read.Buffer)
                    body.Write(part.Span);
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        if (length > most)
            throw new ProblemException(TooLarge(most));
        CheckUtf8(body.WrittenSpan);
        return body.WrittenMemory;
    }

    private static void CheckUtf8(ReadOnlySpan<byte> body)
    {
        if (Utf8.IsValid(body))
            return;
        var valid = 0;
        Span<char> scratch = stackalloc char[256];
        while (
            Utf8.ToUtf16(body[valid..], scratch, out var read, out _, replaceInvalidSequences: false, isFinalBlock: true)
            != OperationStatus.InvalidData
        )
            valid += read;
        Utf8.ToUtf16(body[valid..], scratch, out var last, out _, replaceInvalidSequences: false, isFinalBlock: true);
        valid += last;
        throw new ProblemException(
            Problem.BadRequest(
                "not-utf8",
                string.Create(CultureInfo.InvariantCulture, $"byte {valid} of the body (0x{body[valid]:x2}) is not UTF-8.")
            )
        );
    }

    private static Problem TooLarge(int most) =>
        Problem.TooLarge(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the body has more than {most:N0} bytes. Send fewer questions or a part of the text."
            )
        );
}
