using XDistilTorch.Cli.Doctor;
using XDistilTorch.Cli.Doctor.Checks;
using XDistilTorch.Cli.Doctor.Probes;
using XDistilTorch.Engines;
using XDistilTorch.Native;

namespace XDistilTorch.Parity.Doctor;

/// <summary>What each check says of machines that are not as they should be.</summary>
public sealed class ChecksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-doctor-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void ShouldBe(Finding finding, CheckState state, string found, string? remedy)
    {
        finding.State.Should().Be(state);
        finding.Found.Should().Match(found);
        if (remedy is null)
            finding.Remedy.Should().BeNull();
        else
            finding.Remedy.Should().Match(remedy);
    }

    [Fact]
    public void A_libtorch_that_cannot_be_loaded_is_told_with_its_own_message() =>
        ShouldBe(
            new LibTorchCheck(() => throw new TorchLoadException("libtorch cannot be loaded: no such thing.")).Run(),
            CheckState.Failed,
            "libtorch cannot be loaded: no such thing.",
            "Install*"
        );

    [Fact]
    public void A_processor_without_AVX2_is_slower_and_so_is_int8_without_VNNI()
    {
        ProcessorCheck Of(ProcessorFeatures features, string? name = "Some CPU") => new(() => features, () => name);

        ShouldBe(Of(new(false, false, null)).Run(), CheckState.Warning, "Some CPU: no AVX2", "*slower*");
        ShouldBe(
            Of(new(true, false, null), null).Run(),
            CheckState.Ok,
            "of unknown name: AVX2; no VNNI: int8 is slower than it could be",
            null
        );
        ShouldBe(Of(new(true, true, "AVX-512 VNNI")).Run(), CheckState.Ok, "Some CPU: AVX2, AVX-512, AVX-512 VNNI", null);
    }

    [Fact]
    public void Less_than_a_core_and_more_threads_than_cores_are_warned_of()
    {
        Finding Of(CoreState state) => new CoresCheck(() => state).Run();

        ShouldBe(Of(new(8, 1, 0.5, null)), CheckState.Warning, "1 usable of 8, the control group allows 0.5", "*--cpus*");
        ShouldBe(Of(new(8, 2, 2, "16")), CheckState.Warning, "*OMP_NUM_THREADS=16", "*2 or less*");
        ShouldBe(Of(new(8, 8, null, "1")), CheckState.Ok, "8 usable of 8, OMP_NUM_THREADS=1", null);
    }

    [Fact]
    public void A_model_that_does_not_fit_the_free_memory_fails()
    {
        ShouldBe(
            new MemoryCheck(() => 100_000_000, () => 33_000_000).Run(),
            CheckState.Failed,
            "100 MB free, about 514 MB needed*",
            "*--memory*"
        );
        ShouldBe(new MemoryCheck(() => 514_000_000, () => 33_000_000).Run(), CheckState.Ok, "*", null);
    }

    [Fact]
    public void The_eager_engine_is_a_warning_where_the_CPU_was_asked_for()
    {
        static EngineChoice Eager(EngineKind asked) => new(EngineKind.Eager, "this processor has no AVX2", true);
        static EngineChoice Packed(EngineKind asked) => new(EngineKind.Packed, "this processor has AVX2", asked == EngineKind.Auto);

        ShouldBe(new EngineCheck(Eager, onCpu: true).Run(), CheckState.Warning, "eager: this processor has no AVX2", "*slower*");
        ShouldBe(new EngineCheck(Eager, onCpu: false).Run(), CheckState.Ok, "eager*", null);
        ShouldBe(new EngineCheck(Packed, onCpu: true).Run(), CheckState.Ok, "packed: this processor has AVX2", null);
    }

    [Fact]
    public void Half_of_what_CUDA_needs_is_a_warning_that_names_the_other_half()
    {
        Finding Of(bool backend, bool driver, int devices) => new CudaCheck(() => new CudaState(backend, driver, devices)).Run();

        ShouldBe(Of(false, false, 0), CheckState.Ok, "*the CPU computes", null);
        ShouldBe(Of(false, true, 0), CheckState.Warning, "*CPU backend only", "*TorchBackend=cuda*");
        ShouldBe(Of(true, false, 0), CheckState.Warning, "*no NVIDIA driver", "Install the driver*");
        ShouldBe(Of(true, true, 0), CheckState.Warning, "*no device*", "*nvidia-smi*");
        ShouldBe(Of(true, true, 2), CheckState.Ok, "2 devices*", null);
    }

    [Fact]
    public void A_hub_cache_that_cannot_be_written_is_a_warning_and_a_token_is_never_shown()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");

        var blocked = new HubCacheCheck(name => name == "HF_HOME" ? file : null).Run();
        var sound = new HubCacheCheck(name =>
            name switch
            {
                "HF_HUB_CACHE" => Path.Combine(folder, "not/there/yet"),
                "HF_TOKEN" => "hf_secret",
                "HF_HUB_OFFLINE" => "1",
                _ => null,
            }
        ).Run();

        ShouldBe(blocked, CheckState.Warning, $"{file}/hub (HF_HOME): cannot be written: {file} is a file", "*HF_HOME*");
        ShouldBe(sound, CheckState.Ok, "*not/there/yet (HF_HUB_CACHE), offline by HF_HUB_OFFLINE, with a token", null);
        Directory.GetFileSystemEntries(folder).Should().Equal([file], "looking leaves nothing behind");
    }

    [Theory]
    [InlineData("HF_HUB_CACHE", "/a", "/a")]
    [InlineData("HF_HOME", "/a", "/a/hub")]
    [InlineData("XDG_CACHE_HOME", "/a", "/a/huggingface/hub")]
    public void The_hub_cache_is_where_the_environment_says(string variable, string value, string expected) =>
        HubCache.Of(name => name == variable ? value : null).Should().Be(new HubCache(expected, variable));

    [Fact]
    public void Without_a_model_the_packages_that_have_one_are_named() =>
        ShouldBe(
            new WeightsCheck(() => throw new XDistilException("no model: give --model")).Run(),
            CheckState.Failed,
            "no model: give --model",
            "*XDistilTorch.Weights*"
        );

    [Fact]
    public void Weights_that_are_not_those_of_training_json_fail_with_both_hashes()
    {
        CopyModel();
        var weights = Path.Combine(folder, "model.safetensors");
        using (var file = new FileStream(weights, FileMode.Open))
        {
            file.Seek(-1, SeekOrigin.End);
            var last = file.ReadByte();
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte((byte)(last ^ 1));
        }

        ShouldBe(
            new WeightsCheck(() => folder).Run(),
            CheckState.Failed,
            "*model.safetensors: has SHA-256 *, expected afdaaca8*",
            "*again*"
        );

        File.Delete(Path.Combine(folder, "training.json"));
        ShouldBe(new WeightsCheck(() => folder).Run(), CheckState.Ok, "*66.4 MB of weights, no hash stated*", null);
    }

    [Fact]
    public void Every_fault_of_a_model_folder_is_told()
    {
        CopyModel();
        File.WriteAllText(Path.Combine(folder, "config.json"), "{");
        File.WriteAllText(Path.Combine(folder, "model.safetensors"), "version https://git-lfs.github.com/spec/v1\n");

        ShouldBe(new WeightsCheck(() => folder).Run(), CheckState.Failed, "*config.json*model.safetensors*", "*");
    }

    [Fact]
    public void A_wrong_answer_fails_unless_the_model_is_the_users_own()
    {
        static string Wrong(string question, string context) => "spring";

        ShouldBe(
            new SelfTestCheck(Wrong, isOwnModel: false).Run(),
            CheckState.Failed,
            "*\"spring\", expected \"Marit Osei\"",
            "*--engine eager*"
        );
        ShouldBe(new SelfTestCheck(Wrong, isOwnModel: true).Run(), CheckState.Warning, "*", "*something else*");
    }

    private void CopyModel()
    {
        foreach (var file in Directory.GetFiles(BundledModel.Folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
