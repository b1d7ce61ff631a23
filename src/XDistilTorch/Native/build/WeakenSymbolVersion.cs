using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// MSBuild task: copies a 64-bit ELF library and marks as weak every GLIBCXX requirement above a given version, so that
/// the loader of a system with an older C++ runtime accepts it. Only a requirement that no relocation depends on may be weakened;
/// anything else is refused. Idempotent; writes two bytes per requirement. (Compiled by MSBuild against netstandard2.0.)
/// </summary>
public class WeakenSymbolVersion : Task
{
    private const int DynamicSymbols = 11,
        RelocationsWithAddend = 4,
        NeededVersions = 0x6ffffffe,
        SymbolVersions = 0x6fffffff;
    private const ushort Weak = 2;

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    [Required]
    public string Version { get; set; }

    public override bool Execute()
    {
        try
        {
            var bytes = File.ReadAllBytes(Source);
            WeakenAbove(bytes, System.Version.Parse(Version));
            WriteWhenChanged(bytes);
            return true;
        }
        catch (Exception e)
            when (e is InvalidDataException || e is IOException || e is ArgumentOutOfRangeException || e is ArgumentException)
        {
            Log.LogError(
                "{0}: its GLIBCXX requirement cannot be weakened: {1} This version of TorchSharp is not known to XDistilTorch.",
                Source,
                e.Message
            );
            return false;
        }
    }

    private void WriteWhenChanged(byte[] bytes)
    {
        if (File.Exists(Destination) && Same(File.ReadAllBytes(Destination), bytes))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        var temporary = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, bytes);
        File.Delete(Destination); // never through an existing hard link
        File.Move(temporary, Destination);
    }

    private static bool Same(byte[] a, byte[] b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
            if (a[i] != b[i])
                return false;
        return true;
    }

    private static void WeakenAbove(byte[] elf, Version newest)
    {
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2 || elf[5] != 1)
            throw new InvalidDataException("not a little-endian 64-bit ELF file.");
        var sections = Sections(elf);
        var needed = sections.Find(s => s.Type == NeededVersions);
        if (needed == null)
            return;
        var names = sections[needed.Link];
        foreach (var aux in Requirements(elf, needed))
        {
            var name = Name(elf, names, BitConverter.ToInt32(elf, aux + 8));
            if (!name.StartsWith("GLIBCXX_", StringComparison.Ordinal) || !(System.Version.Parse(name.Substring(8)) > newest))
                continue;
            RefuseWhenRelocated(elf, sections, BitConverter.ToUInt16(elf, aux + 6), name);
            elf[aux + 4] |= (byte)Weak; // vna_flags
        }
    }

    /// <summary>A weak requirement is harmless only while no relocation asks for a symbol of that version.</summary>
    private static void RefuseWhenRelocated(byte[] elf, List<Section> sections, ushort version, string name)
    {
        var symbols = sections.FindIndex(s => s.Type == DynamicSymbols);
        var versions = sections.Find(s => s.Type == SymbolVersions);
        if (symbols < 0 || versions == null)
            throw new InvalidDataException("no dynamic symbols.");
        var carriers = new HashSet<uint>();
        for (long i = 0; i < versions.Size / 2; i++)
            if ((BitConverter.ToUInt16(elf, checked((int)(versions.Offset + i * 2))) & 0x7fff) == version)
                carriers.Add((uint)i);
        foreach (var relocations in sections.FindAll(s => s.Type == RelocationsWithAddend && s.Link == symbols))
            for (long at = 0; at < relocations.Size; at += 24)
                if (carriers.Contains(BitConverter.ToUInt32(elf, checked((int)(relocations.Offset + at + 12)))))
                    throw new InvalidDataException("a relocation needs a symbol of version " + name + ".");
    }

    private static IEnumerable<int> Requirements(byte[] elf, Section needed)
    {
        for (long at = needed.Offset; ; )
        {
            var need = checked((int)at);
            long aux = at + BitConverter.ToInt32(elf, need + 8);
            for (int n = BitConverter.ToUInt16(elf, need + 2); n > 0; n--)
            {
                yield return checked((int)aux);
                aux += BitConverter.ToInt32(elf, checked((int)aux) + 12);
            }
            var next = BitConverter.ToInt32(elf, need + 12);
            if (next == 0)
                yield break;
            at += next;
        }
    }

    private static List<Section> Sections(byte[] elf)
    {
        var table = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a),
            count = BitConverter.ToUInt16(elf, 0x3c);
        if (size < 64 || count == 0)
            throw new InvalidDataException("no section table.");
        var sections = new List<Section>();
        for (var i = 0; i < count; i++)
        {
            var at = checked((int)(table + (long)i * size));
            sections.Add(
                new Section
                {
                    Type = BitConverter.ToInt32(elf, at + 4),
                    Offset = BitConverter.ToInt64(elf, at + 24),
                    Size = BitConverter.ToInt64(elf, at + 32),
                    Link = BitConverter.ToInt32(elf, at + 40),
                }
            );
        }
        return sections;
    }

    private static string Name(byte[] elf, Section names, int offset)
    {
        var start = checked((int)(names.Offset + offset));
        var end = Array.IndexOf(elf, (byte)0, start);
        return Encoding.ASCII.GetString(elf, start, end - start);
    }

    private sealed class Section
    {
        public int Type,
            Link;
        public long Offset,
            Size;
    }
}
