using Parquet.Schema;
using XDistilTorch.Data;
using XDistilTorch.Data.Reading;

namespace XDistilTorch.Formats.Parquet;

/// <summary>The items of a list, and the definition level from which on there is one.</summary>
internal sealed record ListedField(DataField Item, int ListedAt);

/// <summary>
/// Which column of a Parquet file is what: texts <c>id, title, context, question</c>, the boolean <c>is_impossible</c>, and <c>answers</c>, a group of the lists
/// <c>text</c> and <c>answer_start</c> or a list of such groups.
/// </summary>
internal sealed class ParquetColumns
{
    private static readonly string[] Known = ["id", "title", "context", "question", "answers", "is_impossible"];
    private static readonly DataPlace Root = new(null, "$");

    public DataField? Id { get; private init; }
    public DataField? Title { get; private init; }
    public DataField? Question { get; private init; }
    public DataField? Context { get; private init; }
    public DataField? IsImpossible { get; private init; }
    public ListedField? AnswerText { get; private init; }
    public ListedField? AnswerStart { get; private init; }

    /// <summary>Finds the columns; every one that is missing or of another type is told.</summary>
    public static ParquetColumns Find(ParquetSchema schema, DataReaderOptions options, List<DataFault> faults)
    {
        options.LeftOut?.UnionWith(schema.Fields.Select(field => field.Name).Except(Known));
        var answers = schema.Fields.FirstOrDefault(field => field.Name == "answers");
        var place = Root.Member("answers");
        return new()
        {
            Id = Text(schema, "id", !options.NumberRows, faults),
            Title = Text(schema, "title", isRequired: false, faults),
            Context = Text(schema, "context", isRequired: true, faults),
            Question = Text(schema, "question", isRequired: true, faults),
            IsImpossible = Typed(Field(schema.Fields, "is_impossible"), Root.Member("is_impossible"), "boolean", [typeof(bool)], faults),
            AnswerText = answers is null ? null : Part(answers, place, "text", "string", [typeof(ReadOnlyMemory<char>)], true, faults),
            AnswerStart = answers is null
                ? null
                : Part(answers, place, "answer_start", "integer", [typeof(int), typeof(long)], !options.AllowMissingStarts, faults),
        };
    }

    private static DataField? Text(ParquetSchema schema, string name, bool isRequired, List<DataFault> faults)
    {
        var field = Field(schema.Fields, name);
        if (field is null && isRequired)
            faults.Add(FieldReader.Missing(Root.Member(name), name == "id" ? "Add the column, or number the rows." : "Add the column."));
        return Typed(field, Root.Member(name), "string", [typeof(ReadOnlyMemory<char>)], faults);
    }

    private static Field? Field(IEnumerable<Field> fields, string name) => fields.FirstOrDefault(field => field.Name == name);

    private static DataField? Typed(Field? field, DataPlace place, string expected, Type[] types, List<DataFault> faults)
    {
        if (field is null)
            return null;
        if (field is DataField { MaxRepetitionLevel: 0 } data && types.Contains(data.ClrType))
            return data;
        faults.Add(FieldReader.WrongType(place, expected, KindOf(field)));
        return null;
    }

    // answers.text is a list of texts in a group, or a text in the groups of a list.
    private static ListedField? Part(
        Field answers,
        DataPlace place,
        string name,
        string expected,
        Type[] types,
        bool isRequired,
        List<DataFault> faults
    )
    {
        var group = answers is ListField list ? list.Item : answers;
        if (group is not StructField parts)
        {
            if (name == "text")
                faults.Add(FieldReader.WrongType(place, "object", KindOf(answers)));
            return null;
        }
        if (Field(parts.Fields, name) is not { } part)
        {
            if (isRequired)
                faults.Add(FieldReader.Missing(place.Member(name), "Add the column."));
            return null;
        }
        var item = part is ListField within ? within.Item : part;
        if (item is DataField { MaxRepetitionLevel: 1 } data && types.Contains(data.ClrType))
            return new(data, (part as ListField ?? (ListField)answers).MaxDefinitionLevel);
        faults.Add(FieldReader.WrongType(place.Member(name), part is ListField ? expected : "array", KindOf(item)));
        return null;
    }

    private static string KindOf(Field field) =>
        field switch
        {
            StructField or MapField => "object",
            ListField => "array",
            DataField { IsArray: true } => "array",
            DataField { ClrType: var type } when type == typeof(ReadOnlyMemory<char>) => "string",
            DataField { ClrType: var type } when type == typeof(bool) => "boolean",
            DataField { ClrType: var type } when type == typeof(float) || type == typeof(double) || type == typeof(decimal) => "number",
            DataField { ClrType: { IsPrimitive: true } } => "integer",
            DataField { ClrType: var type } => type.Name,
            _ => field.SchemaType.ToString(),
        };
}
