using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Tests.Data;
using FunctionalLeNet.Tests.SameBits;

namespace FunctionalLeNet.Tests.Serve;

/// <summary>The server in a process of its own, under load and under nonsense.</summary>
public sealed class LoadTests : IAsyncLifetime, IDisposable
{
    private const int AtATime = 50;
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<string> _errors = [];
    private Process _process = new();

    public async Task InitializeAsync()
    {
        var (file, before) = Child.OfThisMachine;
        _process = Process.Start(new ProcessStartInfo(file, [.. before, "serve", "--port", "0", "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path })!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.Add(line.Data ?? "");
        };
        _process.BeginErrorReadLine();
        var listening = JsonSerializer.Deserialize<JsonElement>((await _process.StandardOutput.ReadLineAsync())!);
        _client.BaseAddress = new(listening.GetProperty("address").GetString()!);
    }

    public Task DisposeAsync()
    {
        _process.Kill();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _process.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_thousand_requests_fifty_at_a_time_are_all_answered_and_memory_stays_flat()
    {
        await Ask(1_000);
        var before = Memory();
        await Ask(1_000);
        var grown = Memory() - before;
        Assert.True(grown < 32 << 20, $"{grown >> 20} MB more after another thousand requests; {before >> 20} MB before");

        async Task Ask(int count)
        {
            var statuses = new HttpStatusCode[count];
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, stop) =>
            {
                using var response = await _client.PostAsync("api/look", ServerTests.Json(ServerTests.Body(ShippedModel.Name, ServerTests.One)), stop);
                statuses[i] = response.StatusCode;
                Assert.Contains("\"digit\":1", await response.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
            });
            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        }

        long Memory()
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Ten thousand bodies that are almost right, or not at all: each has an answer with its reason, and the program writes nothing but those reasons; then it ends as it should.</summary>
    [Fact]
    public async Task Ten_thousand_malformed_bodies_are_all_refused_with_a_reason_and_nothing_else_is_said()
    {
        const int count = 10_000;
        var (valid, random) = (ServerTests.Body(ShippedModel.Name, [255, 255, 255, 255]), new System.Random(8));
        var bodies = Enumerable.Range(0, count).Select(_ => Malformed(valid, random)).ToList();
        var answers = new int[count];
        var reading = Task.Run(() => _process.StandardOutput.ReadToEndAsync());
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, stop) =>
        {
            using var response = await _client.PostAsync("api/look", ServerTests.Json(bodies[i]), stop);
            answers[i] = (int)response.StatusCode;
            var reason = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(stop)).GetProperty("error").GetString();
            Assert.NotEqual("", reason);
        });
        Assert.All(answers, status => Assert.InRange(status, 400, 422));

        using var end = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        var events = (await reading).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(count, events.Count);
        Assert.All(events, line => Assert.Equal("refused", line.GetProperty("event").GetString()));
        lock (_errors)
            Assert.All(_errors, line => Assert.Matches(@"^(4\d\d POST /api/look: .+|The page is at .+|Ctrl-C stops\.|Stopped\.|)$", line));
    }

    /// <summary>A body with something cut, put in or changed, so that it is no drawing any more.</summary>
    private static string Malformed(string valid, System.Random random)
    {
        var at = random.Next(valid.Length);
        return random.Next(6) switch
        {
            0 => valid[..at],
            1 => valid[..at] + "\"" + valid[at..],
            2 => valid[..at] + (char)random.Next(1, 32) + "{" + valid[at..],
            3 => valid.Replace("built-in", $"run-{random.Next()}", StringComparison.Ordinal),
            4 => valid.Replace("\"side\":2", $"\"side\":{random.Next(3, int.MaxValue)}", StringComparison.Ordinal),
            _ => new string([.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => (char)random.Next(32, 0x2ff))]),
        };
    }
}
