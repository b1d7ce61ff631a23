using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace XDistilTorch.Checkpoints.PyTorch;

/// <summary>
/// Reads one pickle: a program for a stack machine, of which only the instructions that state dicts need are known here, and which can
/// call nothing but the constructors of <see cref="PickleGlobals"/>. It opens nothing, does not recurse, and makes at most one small
/// object for each byte of the pickle.
/// </summary>
internal ref struct Unpickler
{
    /// <summary>The longest pickle that is read, bytes: the names and shapes of 100,000 tensors.</summary>
    public const int LongestPickle = 16_000_000;

    private readonly ReadOnlySpan<byte> data;
    private readonly string place;
    private readonly Func<object?[], PickleStorage> loadStorage;

    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int position;
    private int instruction;

    /// <param name="data">The pickle; may be followed by something else.</param>
    /// <param name="place">The file, and the part of it, for messages.</param>
    /// <param name="loadStorage">Gives the storage for a persistent id, a tuple of these items.</param>
    public Unpickler(ReadOnlySpan<byte> data, string place, Func<object?[], PickleStorage> loadStorage)
    {
        this.data = data;
        this.place = place;
        this.loadStorage = loadStorage;
    }

    /// <summary>How many bytes the pickle had.</summary>
    public readonly int Consumed => position;

    /// <exception cref="CheckpointException">The pickle asks for something that is not known here, or is damaged.</exception>
    public object? Run()
    {
        while (true)
        {
            instruction = position;
            var opcode = Byte();
            if (opcode == (byte)'.')
                return Pop();
            Execute(opcode);
        }
    }

    // The opcodes by their letters, as pickletools prints them.
    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                var protocol = Byte();
                if (protocol is < 2 or > 5)
                    throw Fault($"pickle protocol {protocol}, expected 2 to 5");
                break;
            case 0x95: // FRAME: how much follows; everything is here already
                Take(8);
                break;
            case (byte)'(': // MARK
                marks.Add(stack.Count);
                break;
            case (byte)'0': // POP
                Pop();
                break;
            case (byte)'N':
                Push(null);
                break;
            case 0x88: // NEWTRUE
                Push(true);
                break;
            case 0x89: // NEWFALSE
                Push(false);
                break;
            case (byte)'c':
                PushGlobal(Line(), Line());
                break;
            case 0x93: // STACK_GLOBAL
                var name = Pop<string>();
                PushGlobal(Pop<string>(), name);
                break;
            case (byte)'R': // REDUCE
                var arguments = Pop<PickleTuple>();
                Push(Call(Pop<PickleGlobal>(), arguments.Items));
                break;
            case (byte)'b': // BUILD
                SetAttributes(Pop());
                break;
            case (byte)'Q': // BINPERSID
                Push(loadStorage(Pop<PickleTuple>().Items));
                break;
            default:
                if (!PushNumber(opcode) && !PushText(opcode) && !ExecuteCollection(opcode) && !ExecuteMemo(opcode))
                    throw Fault(
                        $"the instruction 0x{opcode:x2} is not one of those that a state dict needs; this is no file of weights, or it is damaged"
                    );
                break;
        }
    }

    private bool PushNumber(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'K': // BININT1
                Push((long)Byte());
                return true;
            case (byte)'M': // BININT2
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                return true;
            case (byte)'J': // BININT
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                return true;
            case 0x8a: // LONG1
                var number = new BigInteger(Take(Byte()));
                Push(number >= long.MinValue && number <= long.MaxValue ? (long)number : number);
                return true;
            case (byte)'G': // BINFLOAT
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                return true;
            default:
                return false;
        }
    }

    private bool PushText(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'X': // BINUNICODE
                Push(Utf8(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
                return true;
            case 0x8c: // SHORT_BINUNICODE
                Push(Utf8(Take(Byte())));
                return true;
            default:
                return false;
        }
    }

    private bool ExecuteCollection(byte opcode)
    {
        switch (opcode)
        {
            case (byte)')': // EMPTY_TUPLE
                Push(new PickleTuple([]));
                return true;
            case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                Push(new PickleTuple(PopLast(opcode - 0x84)));
                return true;
            case (byte)'t': // TUPLE
                Push(new PickleTuple(PopToMark()));
                return true;
            case (byte)']': // EMPTY_LIST
                Push(new PickleList());
                return true;
            case (byte)'a': // APPEND
                var item = PopLast(1);
                Top<PickleList>().Items.AddRange(item);
                return true;
            case (byte)'e': // APPENDS
                var items = PopToMark();
                Top<PickleList>().Items.AddRange(items);
                return true;
            case (byte)'}': // EMPTY_DICT
                Push(new PickleDict(ordered: false));
                return true;
            case (byte)'s': // SETITEM
                SetItems(PopLast(2));
                return true;
            case (byte)'u': // SETITEMS
                SetItems(PopToMark());
                return true;
            default:
                return false;
        }
    }

    private bool ExecuteMemo(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'q': // BINPUT
                memo[Byte()] = Top();
                return true;
            case (byte)'r': // LONG_BINPUT
                memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top();
                return true;
            case 0x94: // MEMOIZE
                memo[(uint)memo.Count] = Top();
                return true;
            case (byte)'h': // BINGET
                Push(Recall(Byte()));
                return true;
            case (byte)'j': // LONG_BINGET
                Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                return true;
            default:
                return false;
        }
    }

    private readonly object? Recall(uint key) =>
        memo.TryGetValue(key, out var value) ? value : throw Fault($"memo {key} was never filled; the pickle is damaged");

    private readonly void PushGlobal(string module, string name) =>
        Push(
            PickleGlobals.Find(module, name)
                ?? throw Fault(
                    $"it refers to {Wording.Show($"{module}.{name}")}, which is not among the few names that a file of weights needs. "
                        + "Nothing was called. A file from a trusted source can be converted to safetensors in Python"
                )
        );

    private readonly object Call(PickleGlobal callee, object?[] arguments) =>
        callee.Constructor switch
        {
            PickleConstructor.OrderedDict when arguments is [] => new PickleDict(ordered: true),
            // storage, offset, shape, strides, requires_grad, hooks and, in later versions, metadata
            PickleConstructor.RebuildTensor
                when arguments is [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, bool, PickleDict, ..]
                    && arguments.Length <= 7 => View(storage, offset, Numbers(shape), Numbers(strides)),
            // data, requires_grad, hooks
            PickleConstructor.RebuildParameter when arguments is [PickleTensor tensor, bool, PickleDict] => tensor,
            PickleConstructor.Storage => throw Fault($"it calls {callee.Name}, which only names a type"),
            _ => throw Fault($"{callee.Name} is called with ({string.Join(", ", arguments.Take(8).Select(PickleWording.Describe))})"),
        };

    private readonly PickleTensor View(PickleStorage storage, long offset, long[] shape, long[] strides)
    {
        var what = $"a tensor of shape {Wording.Show(shape)}, strides {Wording.Show(strides)} and offset {offset}";
        if (shape.Length != strides.Length || shape.Length > 64)
            throw Fault($"{what}: expected as many strides as sizes, and at most 64");
        if (offset < 0 || shape.Any(size => size < 0) || strides.Any(stride => stride < 0))
            throw Fault($"{what}: none of them may be negative");

        var elements = shape.Aggregate(UInt128.One, (product, size) => product > long.MaxValue ? product : product * (ulong)size);
        if (elements > (ulong)storage.Count)
            throw Fault($"{what} has {elements} elements, more than its storage {storage.Key}, which has {storage.Count}");
        if (Past(storage.Count, offset, shape, strides))
            throw Fault($"{what} reaches past the end of its storage {storage.Key} of {storage.Count} elements");
        return new PickleTensor(storage, offset, shape, strides);
    }

    private static bool Past(long count, long offset, long[] shape, long[] strides)
    {
        try
        {
            return checked(offset + StoredTensor.Extent(shape, strides)) > count;
        }
        catch (OverflowException)
        {
            return true;
        }
    }

    private readonly long[] Numbers(PickleTuple tuple)
    {
        var numbers = new long[tuple.Items.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = tuple.Items[i] is long number
                ? number
                : throw Fault($"a size or stride is {PickleWording.Describe(tuple.Items[i])}, expected an int");
        return numbers;
    }

    private readonly void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0)
            throw Fault("a key without a value; the pickle is damaged");
        var dict = Top<PickleDict>();
        for (var i = 0; i < items.Length; i += 2)
            dict.Items.Add(new(items[i], items[i + 1]));
    }

    // What an OrderedDict carries beside its items (versions of modules) changes no tensor.
    private readonly void SetAttributes(object? attributes)
    {
        var target = Top();
        if (attributes is not PickleDict || target is not PickleDict { Ordered: true })
            throw Fault($"attributes from {PickleWording.Describe(attributes)} are set on {PickleWording.Describe(target)}");
    }

    private readonly void Push(object? value) => stack.Add(value);

    private readonly object? Pop() => PopLast(1)[0];

    private readonly T Pop<T>()
    {
        var value = Pop();
        return value is T typed ? typed : throw Unexpected(value);
    }

    private readonly object? Top() => stack.Count > Floor() ? stack[^1] : throw Fault("its stack is empty; the pickle is damaged");

    private readonly T Top<T>()
    {
        var value = Top();
        return value is T typed ? typed : throw Unexpected(value);
    }

    private readonly object?[] PopLast(int count)
    {
        if (stack.Count - count < Floor())
            throw Fault("its stack has too few values; the pickle is damaged");
        var items = CollectionsMarshal.AsSpan(stack)[^count..].ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private readonly object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw Fault("a collection ends that never began; the pickle is damaged");
        var items = PopLast(stack.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return items;
    }

    // Values below the last mark belong to the collection that is being built around.
    private readonly int Floor() => marks.Count == 0 ? 0 : marks[^1];

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > data.Length - position)
            throw Fault(
                data.Length >= LongestPickle
                    ? $"it goes on after {LongestPickle:N0} bytes, the longest that is read"
                    : $"the pickle ends within this instruction; it is cut short"
            );
        var taken = data.Slice(position, (int)count);
        position += (int)count;
        return taken;
    }

    private string Line()
    {
        var length = data[position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Fault("the pickle ends within a name; it is cut short");
        var line = Utf8(Take((uint)length));
        Take(1);
        return line;
    }

    private readonly string Utf8(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw Fault("a text is not UTF-8; the pickle is damaged");

    private readonly CheckpointException Unexpected(object? value) =>
        Fault($"{PickleWording.Describe(value)} stands where it cannot; the pickle is damaged");

    private readonly CheckpointException Fault(string finding) => new($"{place}, byte {instruction}: {finding}.");
}
