using TorchSharp;
using XDistilTorch.Native;

namespace XDistilTorch.Tests.Native;

/// <summary>Devices by name.</summary>
public class TorchDeviceTests
{
    [Fact]
    public void Cpu_is_always_there() => TorchDevice.Parse("cpu").type.Should().Be(DeviceType.CPU);

    [Fact]
    public void Auto_takes_what_is_there() =>
        TorchDevice.Parse("auto").type.Should().Be(torch.cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU);

    [Theory, InlineData("gpu"), InlineData("cuda:"), InlineData("cuda:-1"), InlineData("cuda:x"), InlineData(""), InlineData("CPU")]
    public void Unknown_names_are_refused(string name) =>
        FluentActions
            .Invoking(() => TorchDevice.Parse(name))
            .Should()
            .Throw<DeviceException>()
            .WithMessage($"device '{name}' is unknown, expected cpu*");

    [Theory, InlineData("cuda"), InlineData("cuda:1")]
    public void Cuda_without_its_backend_says_what_to_do(string name)
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has a CUDA device");

        FluentActions
            .Invoking(() => TorchDevice.Parse(name))
            .Should()
            .Throw<DeviceException>()
            .WithMessage("*TorchBackend=cuda*--device cpu*");
    }
}
