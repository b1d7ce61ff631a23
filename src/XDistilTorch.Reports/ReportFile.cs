using System.Text;
using XDistilTorch.Data.Writing;

namespace XDistilTorch.Reports;

/// <summary>
/// The file of a report. It is opened, under another name in the same folder, before the work begins, so that a wrong place is told at once; under its own name
/// it appears only when it is whole.
/// </summary>
public sealed class ReportFile : IDisposable
{
    private readonly ReplacedFile file;

    private ReportFile(ReplacedFile file) => this.file = file;

    /// <summary>Makes sure that the report can be written.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="ReportException">There is such a file or folder already, or the place cannot be written.</exception>
    public static ReportFile Create(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new ReportException($"{path}: is a folder, expected the name of the report's file.");
        if (File.Exists(path) && !overwrite)
            throw new ReportException($"{path}: is there already. Name another file, or give --overwrite to replace it.");
        try
        {
            return new ReportFile(new ReplacedFile(path));
        }
        catch (DataException e)
        {
            throw new ReportException(e.Message, e);
        }
    }

    /// <summary>Writes the page and gives it its name.</summary>
    /// <exception cref="ReportException">It cannot be written.</exception>
    public void Commit(string page)
    {
        try
        {
            file.Stream.Write(Encoding.UTF8.GetBytes(page));
            file.Commit();
        }
        catch (Exception e) when (e is DataException or IOException)
        {
            throw new ReportException(e.Message, e);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose() => file.Dispose();
}
