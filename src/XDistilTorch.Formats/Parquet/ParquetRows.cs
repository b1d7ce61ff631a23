using System.Buffers.Binary;
using Parquet;
using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Parquet;

/// <summary>Reads the rows of a Parquet file, one row group at a time.</summary>
internal sealed class ParquetRows(Stream file, DataReaderOptions options)
{
    private static readonly ParquetOptions ReaderOptions = new() { TreatByteArrayAsString = true, MaximumLargePoolFreeBytes = 1 << 26 };

    // Descriptions of thousands of row groups take some tenths of a second.
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(10);

    private readonly RowJudge judge = new(options);
    private readonly List<ReadOnlyMemory<char>?> texts = [];
    private readonly List<long?> starts = [];
    private long number;
    private string lastContext = "",
        lastTitle = "";

    public static bool StartsHere(ByteBuffer bytes) =>
        bytes.FillTo(1) && bytes.Bytes[0] == (byte)'P' && bytes.FillTo(4) && bytes.Bytes.StartsWith("PAR1"u8);

    public IEnumerable<DataItem> Read()
    {
        CheckEnd();
        var reader = ParquetGuard.Read(Open);
        try
        {
            var faults = new List<DataFault>();
            var columns = ParquetColumns.Find(ParquetGuard.Read(() => ValueTask.FromResult(reader.Schema)), options, faults);
            if (faults.Count > 0)
            {
                yield return new(null, faults);
                yield break;
            }
            var groups = ParquetGuard.Read(() => ValueTask.FromResult(reader.RowGroupCount));
            for (var i = 0; i < groups; i++)
            {
                var group = ParquetGuard.Read(() => RowGroup.Read(reader, i, columns));
                for (var row = 0; row < group.Count; row++)
                    yield return ReadRow(group, columns);
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    // The library takes fields by their numbers, whatever kind they claim to be: a description that is well formed and wrong can still lead it round for ever.
    private async ValueTask<ParquetReader> Open()
    {
        var opening = Task.Run(() => ParquetReader.CreateAsync(file, ReaderOptions, leaveStreamOpen: true));
        try
        {
            return await opening.WaitAsync(LongestOpening).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw ParquetGuard.Broken("is a damaged Parquet file (the description of its columns cannot be read to its end).");
        }
    }

    // The description of the columns is at the end: its bytes, their number, and the format's mark.
    private void CheckEnd()
    {
        const int Tail = 8;
        var tail = new byte[Tail];
        if (file.Length >= 12)
        {
            file.Position = file.Length - Tail;
            file.ReadExactly(tail);
        }
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8))
            throw ParquetGuard.Broken("is a Parquet file whose end is missing.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > file.Length - 12)
            throw ParquetGuard.Broken($"is a damaged Parquet file (the description of its columns is said to have {length} bytes).");
        var description = new byte[length];
        file.Position = file.Length - Tail - length;
        file.ReadExactly(description);
        if (!ThriftCheck.IsStruct(description))
            throw ParquetGuard.Broken("is a damaged Parquet file (the description of its columns breaks off).");
        file.Position = 0;
    }

    private DataItem ReadRow(RowGroup group, ParquetColumns columns)
    {
        var place = new DataPlace(null, "$") { Row = ++number };
        var draft = judge.Begin(place, PackedPlace.OfNumber(number));
        draft.Id =
            group.Id?.Next() is { } id ? id.ToString()
            : options.NumberRows ? draft.NumberAsId
            : Missing(draft, "id");
        draft.Title = group.Title?.Next() is { } title ? lastTitle = Same(lastTitle, title.Span) : null;
        draft.Context = group.Context.Next() is { } context ? lastContext = Same(lastContext, context.Span) : Missing(draft, "context");
        draft.Question = group.Question.Next()?.ToString() ?? Missing(draft, "question");
        draft.IsImpossible = group.IsImpossible?.Next();
        draft.HasAnswers = columns.AnswerText is not null && ReadAnswers(group, draft);
        return judge.Judge(draft, place.Member("context"));
    }

    // Consecutive rows repeat them.
    private static string Same(string last, ReadOnlySpan<char> text) => text.SequenceEqual(last) ? last : text.ToString();

    private static string? Missing(RowDraft draft, string name)
    {
        draft.Faults.Add(FieldReader.WrongType(draft.Place.Member(name), "string", "null"));
        return null;
    }

    private bool ReadAnswers(RowGroup group, RowDraft draft)
    {
        var hasTexts = group.AnswerText!.NextList(texts);
        var hasStarts = NextStarts(group);
        if (!hasTexts)
            return false;
        var place = draft.Place.Member("answers");
        if (!hasStarts && !options.AllowMissingStarts)
            draft.Faults.Add(FieldReader.Missing(place.Member("answer_start")));
        else if (hasStarts && texts.Count != starts.Count)
            draft.Faults.Add(AnswerReader.OfTwoLengths(place, texts.Count, starts.Count));
        else
            for (var i = 0; i < texts.Count; i++)
                draft.Answers.Add((Text(i, place, draft), hasStarts ? Start(i, place, draft) : null, place.Member("answer_start").Item(i)));
        return true;
    }

    private bool NextStarts(RowGroup group)
    {
        starts.Clear();
        if (group.LongAnswerStart is { } longs)
            return longs.NextList(starts);
        var items = new List<int?>();
        var isThere = group.AnswerStart?.NextList(items) ?? false;
        starts.AddRange(items.Select(start => (long?)start));
        return isThere;
    }

    private string? Text(int index, DataPlace answers, RowDraft draft)
    {
        if (texts[index] is { } text)
            return text.ToString();
        draft.Faults.Add(FieldReader.WrongType(answers.Member("text").Item(index), "string", "null"));
        return null;
    }

    private long? Start(int index, DataPlace answers, RowDraft draft)
    {
        if (starts[index] is null && !options.AllowMissingStarts)
            draft.Faults.Add(FieldReader.WrongType(answers.Member("answer_start").Item(index), "integer", "null"));
        return starts[index];
    }
}
