using TorchSharp;
using XDistilTorch.Checkpoints;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Checkpoints;

public class LiveTensorTests
{
    [Fact]
    public void Reading_writing_and_loading_leave_no_tensor_behind()
    {
        using var folder = new TemporaryFolder();
        var bin = folder.Write("pytorch_model.bin", ZipBytes.Torch(PickleBytes.OneTensor(0, 4, [2, 2], [1, 2])).End());
        var odd = folder.Write("odd.safetensors", SafeTensorsBytes.Rich);
        using var module = TensorTree.Of([("w", [2, 2])]);
        CheckpointWriter.Save(module, folder.At("model.safetensors"));

        var work = () =>
        {
            using var file = SafeTensors.Open(odd);
            file.Read("a").Dispose();
            foreach (var tensor in SafeTensors.Read(odd).Values)
                tensor.Dispose();
            foreach (var path in new[] { bin, folder.Path })
            {
                using var checkpoint = Checkpoint.Open(path);
                CheckpointLoader.Load(module, checkpoint);
            }
            CheckpointWriter.Save(module, folder.At("model.safetensors"));
        };

        work();
        var before = Live();
        for (var i = 0; i < 10; i++)
            work();
        Live().Should().Be(before);
    }

    [Fact]
    public void A_tensor_that_was_read_belongs_to_the_callers_scope()
    {
        using var folder = new TemporaryFolder();
        using var file = SafeTensors.Open(folder.Write("odd.safetensors", SafeTensorsBytes.Rich));

        Tensor tensor;
        using (NewDisposeScope())
            tensor = file.Read("a");

        tensor.IsInvalid.Should().BeTrue();
    }

    // Of this thread, so that tests beside this one do not count.
    private static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}
