using System.Globalization;

namespace XDistilTorch.Server.Batching;

/// <summary>So many of a thing may be inside at a time; who comes when it is full is told so at once instead of waiting without end.</summary>
/// <param name="thing">questions, windows, inspections.</param>
/// <param name="most">How many.</param>
internal sealed class Admission(string thing, int most)
{
    private int inside;

    /// <summary>How many are inside.</summary>
    public int Inside => Volatile.Read(ref inside);

    /// <summary>Lets so many in; they are inside until what is returned is disposed of.</summary>
    /// <exception cref="ProblemException">It is full, or they would never fit.</exception>
    public IDisposable Enter(int count)
    {
        if (count > most)
            throw new ProblemException(
                Problem.TooLarge(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the request has {count:N0} {thing}, this server takes {most:N0} at a time. Send fewer."
                    )
                )
            );
        if (!TryEnter(count))
            throw new ProblemException(
                Problem.Busy(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Inside:N0} {thing} of at most {most:N0} are waiting or being computed. Try again soon."
                    )
                )
            );
        return new Place(this, count);
    }

    // Compared before it is added: who is too many must not keep out, even for a moment, who would fit.
    private bool TryEnter(int count)
    {
        for (var now = Inside; now + count <= most; now = Inside)
            if (Interlocked.CompareExchange(ref inside, now + count, now) == now)
                return true;
        return false;
    }

    private sealed class Place(Admission admission, int count) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
                Interlocked.Add(ref admission.inside, -count);
        }
    }
}
