using XDistilTorch.Cli.Doctor;

namespace XDistilTorch.Parity.Doctor;

/// <summary>How checks go together: each is made, whatever the others found, unless one that it needs has not gone well.</summary>
public class CheckupTests
{
    private sealed class Check(string name, Func<Finding> run, params string[] needs) : ICheck
    {
        public string Name => name;

        public IReadOnlyList<string> Needs => needs;

        public Finding Run() => run();
    }

    private static Check Sound(string name, params string[] needs) => new(name, () => Finding.Ok("sound"), needs);

    [Fact]
    public void What_needs_a_failed_check_is_skipped_and_the_rest_is_made()
    {
        var checkup = Checkup.Run([
            new Check("root", () => Finding.Failed("broken", "mend it")),
            Sound("first", "root"),
            Sound("second", "first"),
            Sound("other"),
        ]);

        checkup.Ok.Should().BeFalse();
        checkup
            .Checks.Select(check => check.State)
            .Should()
            .Equal(CheckState.Failed, CheckState.Skipped, CheckState.Skipped, CheckState.Ok);
        checkup.Checks[1].Found.Should().Contain("root");
        checkup.Checks[2].Found.Should().Contain("first");
    }

    [Fact]
    public void A_warning_stands_in_nobodys_way()
    {
        var checkup = Checkup.Run([new Check("slow", () => Finding.Warning("slow", "hurry")), Sound("other", "slow")]);

        checkup.Ok.Should().BeTrue();
        checkup.Checks[1].State.Should().Be(CheckState.Ok);
    }

    [Fact]
    public void A_check_that_throws_has_failed_and_says_what_with()
    {
        var checkup = Checkup.Run([
            new Check("fault", () => throw new XDistilException("file: is broken")),
            new Check("surprise", () => throw new InvalidOperationException("no such luck")),
            Sound("other"),
        ]);

        checkup.Checks.Select(check => check.State).Should().Equal(CheckState.Failed, CheckState.Failed, CheckState.Ok);
        checkup.Checks[0].Found.Should().Be("file: is broken");
        checkup.Checks[1].Found.Should().Contain("InvalidOperationException").And.Contain("no such luck");
        checkup.Checks.Where(check => check.State == CheckState.Failed).Should().OnlyContain(check => check.Remedy != null);
    }
}
