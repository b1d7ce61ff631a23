using System.Diagnostics;
using System.Security.Cryptography;

namespace XDistilTorch.Prediction;

/// <summary>
/// The output of a run that may end at any moment and go on later: lines are appended to <c>O.partial</c> chunk by chunk, <c>O.partial.json</c> says how many
/// of its bytes count, and <c>O</c> appears when all is written.
/// </summary>
/// <remarks>
/// At most once a second the lines are put on the disk and then the record; what a killed process wrote after that is cut off when the run goes on, and computed
/// again. Only one process can write an output.
/// </remarks>
public sealed class PredictionRun : IDisposable
{
    private static readonly TimeSpan BetweenCommits = TimeSpan.FromSeconds(1);

    private readonly RunFiles files;
    private readonly PredictionLine line;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private FileStream? partial;
    private long committed = Stopwatch.GetTimestamp();

    private PredictionRun(RunFiles files, RunRecord record) =>
        (this.files, Record, line) = (files, record, new PredictionLine(record.Format));

    /// <summary>The output, under the name it gets in the end.</summary>
    public string Output => files.Output;

    /// <summary>How far the run is.</summary>
    public RunRecord Record { get; private set; }

    /// <summary>Whether it was finished when it was opened.</summary>
    public bool IsFinished => partial is null;

    /// <summary>Refuses an output that cannot be written, or that is there and is not to be touched; before anything is loaded.</summary>
    /// <exception cref="DataException">So it is.</exception>
    public static void Check(string output, ExistingOutput existing)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (Directory.Exists(output))
            throw new DataException($"{output}: is a folder, expected the name of a file to write.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        if (!Directory.Exists(folder))
            throw new DataException($"{output}: there is no folder {folder}. Make it, or give another name.");
        if (existing == ExistingOutput.Refuse && new RunFiles(output).FirstExisting is { } there)
            throw new DataException($"{there}: is there already. Go on with --resume, start again with --overwrite, or give another name.");
    }

    /// <summary>Starts a run, or takes up one that stopped.</summary>
    /// <param name="output">The output.</param>
    /// <param name="plan">What the run is to be.</param>
    /// <param name="existing">What to do with what is there.</param>
    /// <exception cref="DataException">The output is there or cannot be written, or what is there is of another run; the message says what differs.</exception>
    public static PredictionRun Open(string output, RunRecord plan, ExistingOutput existing)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Check(output, existing);
        var files = new RunFiles(output);
        PredictionRun? run = null;
        try
        {
            if (existing != ExistingOutput.Resume || files.FirstExisting is null || files.HasJustBegun)
            {
                run = new PredictionRun(files, plan);
                run.Start();
                return run;
            }
            run = new PredictionRun(files, RecordThere(files));
            run.Refuse(plan);
            run.GoOn();
            return run;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run?.Dispose();
            throw new DataException($"{output}: cannot be written: {e.Message}", e);
        }
        catch
        {
            run?.Dispose();
            throw;
        }
    }

    private static RunRecord RecordThere(RunFiles files) =>
        files.IsUnderWay ? RunRecordFile.Read(files.PartialRecord)
        : File.Exists(files.Record) ? RunRecordFile.Read(files.Record)
        : throw new DataException(
            $"{files.FirstExisting}: is there, but no {Path.GetFileName(files.PartialRecord)} or {Path.GetFileName(files.Record)} beside it says of what run. "
                + "Start again with --overwrite, or give another name."
        );

    private void Refuse(RunRecord plan)
    {
        var differences = Record.Differences(plan).ToList();
        if (differences.Count > 0)
            throw new DataException(
                $"{files.Output}: is of another run: {string.Join("; ", differences)}. Repeat the run's own options, start again with --overwrite, or give another name."
            );
    }

    private void Start()
    {
        partial = OpenPartial();
        File.Delete(files.PartialRecord); // it tells of lines that go now
        partial.SetLength(0);
        WriteRecord(); // from now on it can go on
    }

    private void GoOn()
    {
        if (!files.IsUnderWay)
        {
            Verify();
            return;
        }
        if (Record.IsFinished && !File.Exists(files.Partial))
        {
            // Killed between the last two steps.
            Verify();
            File.Move(files.PartialRecord, files.Record, overwrite: true);
            return;
        }
        partial = OpenPartial();
        if (partial.Length < Record.Bytes)
            throw new DataException(
                $"{files.Partial}: has {partial.Length} bytes, but its record tells of {Record.Bytes}: it was cut. Start again with --overwrite."
            );
        partial.SetLength(Record.Bytes);
        HashWhatIsThere(partial);
        if (Record.IsFinished)
            PutInPlace(); // killed before the last steps
    }

    private FileStream OpenPartial()
    {
        try
        {
            return new FileStream(files.Partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }
        catch (IOException e) when (File.Exists(files.Partial))
        {
            throw new DataException($"{files.Partial}: another process is writing it: {e.Message}", e);
        }
    }

    private void HashWhatIsThere(FileStream lines)
    {
        var buffer = new byte[1 << 17];
        lines.Position = 0;
        for (int read; (read = lines.Read(buffer)) > 0; )
            hash.AppendData(buffer, 0, read);
    }

    // A finished output is what its record says, or it is not finished.
    private void Verify()
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(files.Output))!;
        foreach (var file in Record.Files ?? [])
        {
            var path = Path.Combine(folder, file.Name);
            if (!File.Exists(path) || new FileInfo(path).Length != file.Bytes || FileHash.OfFile(path) != file.Sha256)
                throw new DataException(
                    $"{path}: is not what the run wrote (its record says {file.Bytes} bytes, SHA-256 {file.Sha256}). Start again with --overwrite."
                );
        }
    }

    /// <summary>Appends a chunk.</summary>
    /// <exception cref="DataException">It cannot be written; what was written before is safe.</exception>
    public void Write(PredictedChunk chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ObjectDisposedException.ThrowIf(partial is null, this);
        Guarded(() =>
        {
            var (before, errors, repetitions, windows) = (partial.Position, 0L, 0L, 0L);
            foreach (var row in chunk.Rows)
            {
                var bytes = line.Of(row);
                partial.Write(bytes);
                hash.AppendData(bytes);
                windows += row.Windows;
                if (row.Error is { } error)
                    (errors, repetitions) = error.IsRepetition ? (errors, repetitions + 1) : (errors + 1, repetitions);
            }
            Record = Record with
            {
                RowsDone = chunk.RowsThrough,
                RowsWritten = Record.RowsWritten + chunk.Rows.Count,
                Errors = Record.Errors + errors,
                Repetitions = Record.Repetitions + repetitions,
                Windows = Record.Windows + windows,
                Bytes = Record.Bytes + partial.Position - before,
            };
            if (Stopwatch.GetElapsedTime(committed) >= BetweenCommits)
                Commit();
        });
    }

    // The lines first: a record must never tell of bytes that are not there.
    private void Commit()
    {
        partial!.Flush(flushToDisk: true);
        WriteRecord();
        committed = Stopwatch.GetTimestamp();
    }

    private void WriteRecord() => RunRecordFile.Write(files.PartialRecord, Record);

    /// <summary>Ends the run: the output gets its name.</summary>
    /// <param name="rowsTotal">How many rows the data has.</param>
    /// <exception cref="DataException">It cannot be written; what was written before is safe.</exception>
    public void Finish(long rowsTotal)
    {
        ObjectDisposedException.ThrowIf(partial is null, this);
        Guarded(() =>
        {
            Record = Record with { RowsTotal = rowsTotal };
            if (Record.IsOfLines)
                Record = Record with
                {
                    Files =
                    [
                        new WrittenFile(Path.GetFileName(files.Output), Record.Bytes, Convert.ToHexStringLower(hash.GetCurrentHash())),
                    ],
                };
            Commit();
            PutInPlace();
        });
    }

    // Every step may be the last one before the process is killed; each can be done again.
    private void PutInPlace()
    {
        if (Record.IsOfLines)
        {
            ClosePartial();
            File.Move(files.Partial, files.Output, overwrite: true);
        }
        else
        {
            partial!.Position = 0;
            Record = Record with { Files = SquadFiles.Write(new ByteLines(partial).Read(), files.Output, !Record.Settings.AlwaysAnswer) };
            WriteRecord();
            ClosePartial();
            File.Delete(files.Partial);
        }
        File.Move(files.PartialRecord, files.Record, overwrite: true);
    }

    private void ClosePartial()
    {
        partial?.Dispose();
        partial = null;
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{files.Output}: cannot be written: {e.Message} What is in {Path.GetFileName(files.Partial)} is safe; go on with --resume.",
                e
            );
        }
    }

    /// <summary>Makes the run resumable at the last chunk that was written, where it is not finished.</summary>
    public void Dispose()
    {
        try
        {
            if (partial is not null && Record.RowsWritten > 0)
                Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The record of a second ago holds.
        }
        finally
        {
            CloseQuietly();
            hash.Dispose();
            line.Dispose();
        }
    }

    private void CloseQuietly()
    {
        try
        {
            ClosePartial();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            partial = null; // a full disk: the buffer's rest is beyond what the record tells of
        }
    }
}
