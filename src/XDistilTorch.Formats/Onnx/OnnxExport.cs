using Google.Protobuf;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Formats.Onnx;

/// <summary>Writes models as ONNX graphs.</summary>
public static class OnnxExport
{
    /// <summary>Where a folder has its graph in fp32, as optimum and transformers.js look for it.</summary>
    public const string ModelFile = "onnx/model.onnx";

    /// <summary>Where it has the one in int8.</summary>
    public const string QuantizedFile = "onnx/model_quantized.onnx";

    // A protobuf message ends at 2 GB; what is not weights stays far below the rest.
    private const long MostBytes = int.MaxValue - (64L << 20);

    extension(BertForQuestionAnswering model)
    {
        /// <summary>
        /// Writes the model as one ONNX file with dynamic batch and length. Inputs: <c>input_ids</c>, <c>attention_mask</c>, <c>token_type_ids</c>, int64 [B, S];
        /// outputs: <c>start_logits</c>, <c>end_logits</c>, fp32 [B, S]. Weights are fp32 (or int8), whatever type the model computes in.
        /// </summary>
        /// <param name="path">The file; its folder must exist. Written under a temporary name and renamed; an existing file is replaced.</param>
        /// <param name="options">Which graph; null takes the defaults (ONNX's own operators, fp32).</param>
        /// <exception cref="OnnxException">A part of the model was replaced or pruned, the file would be larger than 2 GB, or it cannot be written.</exception>
        public void ExportOnnx(string path, OnnxOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentException.ThrowIfNullOrEmpty(path);
            var parameters = new BertParameters(model);
            RefuseTooLarge(path, parameters);
            Write(path, parameters, options ?? new OnnxOptions());
        }

        /// <summary>
        /// Makes a folder as users of optimum and transformers.js have it: <c>config.json</c>, the tokenizer's four files, <see cref="ModelFile"/>,
        /// and <see cref="QuantizedFile"/> on request; graphs of ONNX's own operators.
        /// </summary>
        /// <param name="folder">The folder, which must not exist yet. It appears whole or not at all.</param>
        /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
        /// <param name="quantized">Whether there is also a graph in int8.</param>
        /// <param name="reduceRange">Whether that one's weights have 7 bits (<see cref="OnnxOptions.ReduceRange"/>).</param>
        /// <exception cref="OnnxException">The folder is there already, or as <see cref="ExportOnnx(BertForQuestionAnswering, string, OnnxOptions?)"/>.</exception>
        /// <exception cref="TokenizerException">The vocabulary and the config's <c>vocab_size</c> are of different models.</exception>
        public void ExportOnnxFolder(string folder, BertTokenizer tokenizer, bool quantized = false, bool reduceRange = false)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentException.ThrowIfNullOrEmpty(folder);
            ArgumentNullException.ThrowIfNull(tokenizer);
            RefuseExisting(folder);
            PretrainedModel.CheckVocabulary(folder, tokenizer, model.Config);
            var parameters = new BertParameters(model);
            RefuseTooLarge(folder, parameters);
            NewFolder.Make(
                folder,
                aside =>
                {
                    Directory.CreateDirectory(Path.Combine(aside, "onnx"));
                    SavedModel.ConfigOf(model, "float32").ToFile(Path.Combine(aside, PretrainedModel.ConfigFile));
                    tokenizer.SavePretrained(aside);
                    Write(Path.Combine(aside, ModelFile), parameters, new OnnxOptions());
                    if (quantized)
                        Write(
                            Path.Combine(aside, QuantizedFile),
                            parameters,
                            new OnnxOptions { Quantized = true, ReduceRange = reduceRange }
                        );
                },
                (message, inner) => new OnnxException(message, inner)
            );
        }
    }

    /// <summary>Refuses a folder that a model would be written over; to ask before the model is loaded.</summary>
    /// <exception cref="OnnxException">There is a file or a folder of that name.</exception>
    public static void RefuseExisting(string folder)
    {
        if (Path.Exists(folder))
            throw new OnnxException($"{folder}: is there already. Name a folder that does not exist yet, or remove this one.");
    }

    private static void RefuseTooLarge(string path, BertParameters parameters)
    {
        if (parameters.Bytes > MostBytes)
            throw new OnnxException(
                $"{path}: the weights are {parameters.Bytes:N0} bytes in fp32, and an ONNX file of one piece ends at 2 GB. Export a smaller model."
            );
    }

    private static void Write(string path, BertParameters parameters, OnnxOptions options)
    {
        var graph = BertGraph.Of(parameters, options);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                graph.WriteTo(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException($"{path}: cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(temporary)) // not renamed: something went wrong
                File.Delete(temporary);
        }
    }
}
