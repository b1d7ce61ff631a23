using System.Text.Json;

namespace XDistilTorch.Data.Reading;

/// <summary>
/// Walks one JSON value, a whole document or a line of JSON lines, and hands rows and paragraphs to the parser one by one.
/// An object with <c>data</c> is a file of SQuAD or of rows, one with <c>paragraphs</c> an article, any other a row.
/// </summary>
internal sealed class DocumentWalker(JsonCursor cursor, RowParser rows, long? line)
{
    private static readonly string[] ContainerNames = ["data", "version", "title", "paragraphs"];

    private bool inData,
        inArray;
    private int item;

    public IEnumerable<DataItem> Read()
    {
        var root = new DataPlace(line, "$");
        cursor.Read();
        var items = cursor.Token switch
        {
            JsonTokenType.StartObject => ReadObject(root, isRoot: true),
            JsonTokenType.StartArray when line is null => ReadItems(root),
            _ => WrongType(root, "object"),
        };
        foreach (var found in items)
            yield return found;
        cursor.Read(); // refuses whatever follows
    }

    private IEnumerable<DataItem> ReadItems(DataPlace place)
    {
        inArray = true;
        for (item = 0; cursor.Read() && cursor.Token != JsonTokenType.EndArray; item++)
        {
            var own = place.Item(item);
            var items = cursor.Token == JsonTokenType.StartObject ? ReadObject(own, isRoot: false) : WrongType(own, "object");
            foreach (var found in items)
                yield return found;
        }
    }

    // Kept in the buffer until a member says that it is not a row, but something that holds rows.
    private IEnumerable<DataItem> ReadObject(DataPlace place, bool isRoot)
    {
        var (names, faults) = (new HashSet<string>(StringComparer.Ordinal), new List<DataFault>());
        string? title = null;
        var isContainer = false;
        cursor.Mark();
        while (cursor.Read() && cursor.Token != JsonTokenType.EndObject)
        {
            var name = cursor.Text();
            if (name is null)
                faults.Add(FieldReader.LoneSurrogate(place));
            else if (!names.Add(name))
                faults.Add(FieldReader.DuplicateKey(place, name));
            cursor.Read();
            if (name is "paragraphs" || (isRoot && name is "data"))
            {
                isContainer = true;
                cursor.Unmark();
                foreach (var found in ReadHeld(place.Member(name), isData: name == "data", title))
                    yield return found;
            }
            else if (name == "title")
            {
                title = ReadTitle(place.Member(name), faults);
                if (names.Contains("paragraphs"))
                    faults.Add(LateTitle(place.Member(name)));
            }
            else
                cursor.Skip();
        }
        if (isContainer)
            rows.NoteLeftOut(names, ContainerNames);
        foreach (var found in isContainer ? Only(faults) : ReadWhole(place, isRoot, names))
            yield return found;
        cursor.Unmark();
    }

    private IEnumerable<DataItem> ReadHeld(DataPlace place, bool isData, string? title)
    {
        if (cursor.Token != JsonTokenType.StartArray)
            return WrongType(place, "array");
        inData |= isData;
        return isData ? ReadItems(place) : ReadParagraphs(place, title);
    }

    private IEnumerable<DataItem> ReadParagraphs(DataPlace place, string? title)
    {
        for (var paragraph = 0; cursor.Read() && cursor.Token != JsonTokenType.EndArray; paragraph++)
        {
            var (own, index) = (place.Item(paragraph), paragraph);
            if (cursor.Token != JsonTokenType.StartObject)
            {
                foreach (var wrong in WrongType(own, "object"))
                    yield return wrong;
                continue;
            }
            cursor.Mark();
            cursor.Skip();
            var items = rows.ReadParagraph(cursor.Marked, own, title, question => Packed(index, question));
            cursor.Unmark();
            foreach (var found in items)
                yield return found;
        }
    }

    private DataItem[] ReadWhole(DataPlace place, bool isRoot, HashSet<string> names)
    {
        var isRow = names.Overlaps(["id", "question", "context", "answers"]);
        if (isRow || line is not null)
            return [rows.ReadRow(cursor.Marked, place, line is { } at ? PackedPlace.OfLine(at) : PackedPlace.OfRow(inData, item))];
        return Only([
            isRoot
                ? FieldReader.Missing(place.Member("data"), "Expected articles or rows in a field named data.")
                : FieldReader.Missing(
                    place.Member("paragraphs"),
                    "Expected an article with its paragraphs, or a row with id, question and context."
                ),
        ]);
    }

    private PackedPlace Packed(int paragraph, int question) =>
        line is { } at ? PackedPlace.OfLine(at)
        : inArray ? PackedPlace.OfQuestion(inData, item, paragraph, question)
        : PackedPlace.Unknown; // of a document that is one article

    private string? ReadTitle(DataPlace place, List<DataFault> faults)
    {
        if (cursor.Token == JsonTokenType.String)
        {
            if (cursor.Text() is { } title)
                return title;
            faults.Add(FieldReader.LoneSurrogate(place));
            return null;
        }
        if (cursor.Token != JsonTokenType.Null)
            faults.Add(FieldReader.WrongType(place, "string", cursor.Kind));
        cursor.Skip();
        return null;
    }

    private static DataFault LateTitle(DataPlace place) =>
        new(
            DataFaultCode.LateTitle,
            place,
            "the title stands after the paragraphs, whose questions therefore have none.",
            "Write title before paragraphs, as the official files do."
        );

    private DataItem[] WrongType(DataPlace place, string expected)
    {
        var fault = FieldReader.WrongType(place, expected, cursor.Kind);
        cursor.Skip();
        rows.CountUnreadable();
        return [new(null, [fault])];
    }

    private static DataItem[] Only(List<DataFault> faults) => faults.Count == 0 ? [] : [new(null, faults)];
}
