namespace XDistilTorch.Data;

/// <summary>What can be wrong with a data file. <see cref="DataFaultCodes.Name"/> gives the name that reports print.</summary>
public enum DataFaultCode
{
    /// <summary>Nothing but white space.</summary>
    NoContent,

    /// <summary>Readable, but without a question.</summary>
    NoQuestion,

    /// <summary>None of the formats that can be read.</summary>
    UnknownFormat,

    /// <summary>Encoded as UTF-16 (or UTF-32).</summary>
    Utf16,

    /// <summary>A byte that UTF-8 does not allow.</summary>
    NotUtf8,

    /// <summary>A syntax error.</summary>
    NotJson,

    /// <summary>Objects and arrays nested deeper than 64 levels.</summary>
    TooDeep,

    /// <summary>A row or paragraph larger than 256 MiB.</summary>
    TooLong,

    /// <summary>A name twice in one object.</summary>
    DuplicateKey,

    /// <summary>Half a surrogate pair, escaped.</summary>
    LoneSurrogate,

    /// <summary>A compressed file that is cut off or damaged.</summary>
    GzipBroken,

    /// <summary>A compressed file whose contents do not fit its check sum.</summary>
    GzipChecksum,

    /// <summary>Bytes after the end of the compressed data.</summary>
    GzipTrailingGarbage,

    /// <summary>Compressed under a name that does not end in .gz.</summary>
    GzipWithoutGzName,

    /// <summary>A name that ends in .gz, but not compressed.</summary>
    GzNameWithoutGzip,

    /// <summary>A file compressed with zstd that is cut off or damaged.</summary>
    ZstdBroken,

    /// <summary>Compressed with zstd under a name that does not end in .zst.</summary>
    ZstdWithoutZstName,

    /// <summary>A name that ends in .zst, but not compressed with zstd.</summary>
    ZstNameWithoutZstd,

    /// <summary>A Parquet file that is cut off or damaged.</summary>
    ParquetBroken,

    /// <summary>A quote where CSV does not allow one, or one that is never closed.</summary>
    NotCsv,

    /// <summary>A row of CSV with more or fewer cells than the header has columns.</summary>
    RowOfOtherLength,

    /// <summary>A field that must be there is not.</summary>
    MissingField,

    /// <summary>A field holds another kind of value than it must.</summary>
    WrongType,

    /// <summary>As many answer texts as starts are expected, and there are not.</summary>
    AnswersOfTwoLengths,

    /// <summary>An article's title stands after its paragraphs, too late for a reader that streams.</summary>
    LateTitle,

    /// <summary>The id is blank.</summary>
    EmptyId,

    /// <summary>The id was there before, with another question.</summary>
    DuplicateId,

    /// <summary>The whole row was there before.</summary>
    RepeatedRow,

    /// <summary>The context is blank.</summary>
    EmptyContext,

    /// <summary>The question is blank.</summary>
    EmptyQuestion,

    /// <summary>An answer without text.</summary>
    EmptyAnswer,

    /// <summary>The answer's text does not stand at its start.</summary>
    AnswerNotThere,

    /// <summary>The answer's start is below zero.</summary>
    AnswerStartNegative,

    /// <summary>The answer's start is not inside the context.</summary>
    AnswerStartPastEnd,

    /// <summary>The answer stands at its start if one counts UTF-16 units instead of code points.</summary>
    AnswerStartCountsUtf16,

    /// <summary><c>is_impossible</c> and <c>answers</c> say different things.</summary>
    IsImpossibleContradictsAnswers,
}
