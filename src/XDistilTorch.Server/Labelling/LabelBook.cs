using System.Text.Json;
using XDistilTorch.Data;

namespace XDistilTorch.Server;

/// <summary>Questions that are being labelled, and the file of rows as JSON lines that their labels go to. May be used by several threads.</summary>
public sealed class LabelBook
{
    private readonly string path;
    private readonly List<QuestionRow> questions;
    private readonly Dictionary<string, QuestionRow> byId;
    private readonly Dictionary<string, QuestionRow> labelled = new(StringComparer.Ordinal);
    private readonly Lock turn = new();

    /// <summary>Opens a book; labels that its file has already are taken over.</summary>
    /// <param name="questions">The questions, with an id each; answers that they have are not asked for.</param>
    /// <param name="path">The file of labels; made by the first label. What a process left half written at its end is cut off.</param>
    /// <exception cref="DataException">There is no question, one is blank; or the file cannot be read, or is of other questions.</exception>
    public LabelBook(IEnumerable<QuestionRow> questions, string path)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetExtension(path) is ".gz" or ".zst")
            throw new DataException($"{path}: labels are lines that are added one by one, and cannot be packed. Name a file .jsonl.");
        this.path = path;
        this.questions = [.. questions.Select(Open)];
        if (this.questions.Count == 0)
            throw new DataException("there is no question to label.");
        byId = this.questions.ToDictionary(row => row.Id, StringComparer.Ordinal);
        if (File.Exists(path))
            Resume();
    }

    /// <summary>How many questions there are.</summary>
    public int Count => questions.Count;

    /// <summary>How many of them have a label.</summary>
    public int Labelled
    {
        get
        {
            lock (turn)
                return labelled.Count;
        }
    }

    internal (IReadOnlyList<QuestionRow> Rows, IReadOnlyList<string> Labelled) Read()
    {
        lock (turn)
            return ([.. questions.Select(row => labelled.GetValueOrDefault(row.Id, row))], [.. labelled.Keys]);
    }

    internal QuestionRow? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Writes a label down: when this returns it is on the disk.</summary>
    /// <param name="question">One of the questions.</param>
    /// <param name="answer">Where the answer stands, in UTF-16 units; null: no answer.</param>
    /// <exception cref="ArgumentException">That is no stretch of the text.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal void Save(QuestionRow question, TextSpan? answer)
    {
        var row = question with
        {
            Answers = answer is { } span ? [GoldAnswer.Of(question.Context, span)] : [],
            IsImpossible = answer is null,
        };
        lock (turn)
        {
            if (labelled.ContainsKey(row.Id))
                DataWriter.Write(path, DataFormat.JsonLines, labelled.Values.Select(kept => kept.Id == row.Id ? row : kept));
            else
                Append(row);
            labelled[row.Id] = row;
        }
    }

    private void Append(QuestionRow row)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        var whole = file.Length;
        try
        {
            DataWriter.Write(file, DataFormat.JsonLines, [row]);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            file.SetLength(whole); // no half line before the next label
            throw;
        }
    }

    private static QuestionRow Open(QuestionRow row) =>
        string.IsNullOrWhiteSpace(row.Question)
            ? throw new DataException($"the question {row.Id} is blank, expected a text. 'xdistil data check' lists all that is odd.")
            : row with
            {
                Answers = null,
                IsImpossible = null,
            };

    // Nothing is changed before all whole lines are seen to be labels of these questions: it may be somebody's only copy of something else.
    private void Resume()
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            var isComplete = whole == bytes.Length || IsJson(bytes.AsMemory(whole)); // an editor may leave the last end of line out
            Take(isComplete ? bytes : bytes[..whole]);
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            if (!isComplete)
                file.SetLength(whole);
            else if (whole < bytes.Length)
            {
                file.Position = file.Length;
                file.WriteByte((byte)'\n');
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be opened to go on with: {e.Message}", e);
        }
    }

    private void Take(byte[] lines)
    {
        var report = new DataReportBuilder(path);
        using var input = new MemoryStream(lines);
        foreach (var row in report.Rows(DataReader.Read(input, path, new() { AssumeLines = true }), DataUse.Train))
        {
            if (!byId.TryGetValue(row.Id, out var question) || question.Context != row.Context || question.Question != row.Question)
                throw new DataException($"{path}: has a label for {row.Id}, which is no such question here. Name another --output.");
            labelled[row.Id] = row;
        }
    }

    // A line that a process left half written begins as every label does.
    private bool IsJson(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var _ = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException) when (line.Span[0] == (byte)'{')
        {
            return false;
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: its last line is no label: {e.Message} Name another --output.", e);
        }
    }
}
