using System.Text.Json;

namespace XDistilTorch.Decoding;

/// <summary>Reads and writes <c>calibration.json</c>.</summary>
public static class CalibrationFile
{
    private const string Remedy =
        "Run `xdistil model calibrate` again, or remove the file to use the model uncalibrated (temperature 1, threshold 0).";

    /// <summary>The calibration of a model folder; null where there is none.</summary>
    /// <exception cref="CalibrationException">The file is there but not a calibration.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Calibration? ReadFolder(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder, Calibration.FileName);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>Reads a calibration and checks every field.</summary>
    /// <exception cref="CalibrationException">A field is missing, unknown, of another kind or out of range, or it is no JSON at all.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Calibration Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Calibration? calibration;
        try
        {
            using var file = File.OpenRead(path);
            calibration = JsonSerializer.Deserialize(file, CalibrationJsonContext.Default.Calibration);
        }
        catch (JsonException e)
        {
            throw new CalibrationException($"{path}: not a calibration: {e.Message} {Remedy}", e);
        }
        if (calibration is null)
            throw new CalibrationException($"{path}: not a calibration but null. {Remedy}");
        Check(calibration, path, Remedy);
        return calibration;
    }

    /// <summary>Writes a calibration: to a temporary name in the same folder, flushed to disk, then renamed over what is there.</summary>
    /// <exception cref="CalibrationException">A field is out of range; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is unharmed.</exception>
    public static void Write(string path, Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(calibration);
        Check(calibration, path, "Nothing was written.");

        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, calibration, CalibrationJsonContext.Default.Calibration);
                file.Write("\n"u8);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void Check(Calibration calibration, string path, string remedy)
    {
        var faults = calibration.Faults().ToArray();
        if (faults.Length > 0)
            throw new CalibrationException($"{path}: not a calibration: {string.Join("; ", faults)}. {remedy}");
    }
}
