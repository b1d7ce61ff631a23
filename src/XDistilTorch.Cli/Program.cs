using System.Runtime.InteropServices;
using XDistilTorch.Cli;
using XDistilTorch.Native;

NativeAllocator.KeepFreed(); // before any thread has memory of its own

// The first of SIGINT and SIGTERM lets the command stop at the next safe point; a second one ends the process as the system would.
using var stop = new CancellationTokenSource();
var signalled = 0;
void Stop(PosixSignalContext context, int exitCode)
{
    if (Interlocked.CompareExchange(ref signalled, exitCode, 0) != 0)
        return;
    context.Cancel = true;
    stop.Cancel();
    if (ProcessEnd.IsPatient)
        return;
    // A command that waits for the keyboard, or computes a large batch on a busy machine, does not come by a safe point soon.
    _ = Task.Delay(TimeSpan.FromSeconds(2)).ContinueWith(_ => ProcessEnd.Now(exitCode), TaskScheduler.Default);
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Interrupted));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated));

var result = await new CommandLine(Terminal.OfThisProcess()).RunAsync(args, stop.Token);
return signalled != 0 && !ProcessEnd.IsStopSuccess ? signalled : result;
