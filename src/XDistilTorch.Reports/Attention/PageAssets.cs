using System.Reflection;

namespace XDistilTorch.Reports.Attention;

/// <summary>The scripts and the style of the page, which stand beside this file as they are.</summary>
internal static class PageAssets
{
    // Declarations first; the last one begins.
    private static readonly string[] Scripts =
    [
        "base91.js",
        "dom.js",
        "head.js",
        "page-window.js",
        "palette.js",
        "state.js",
        "numbers.js",
        "overview.js",
        "lines-view.js",
        "matrix-view.js",
        "rankings.js",
        "controls.js",
        "main.js",
    ];

    public static string Css => Read("attention.css");

    /// <summary>All of it, in a scope of its own.</summary>
    public static string Script =>
        $"\n(() => {{\n\"use strict\";\n{string.Concat(Scripts.Select(name => $"\n// {name}\n{Read(name)}"))}}})();\n";

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Attention/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
