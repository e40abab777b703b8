using Microsoft.Playwright;

namespace FunctionalLeNet.Tests.Serve;

/// <summary>Debian's chromium, started once for all tests of a class and driven by Playwright; not where it is not installed.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Milliseconds that one thing may take: a machine may be busy with other tests, or be held for minutes.</summary>
    public const float Patience = 600_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser. Where it is not installed the running test reports itself skipped.</summary>
    public IBrowser Browser
    {
        get
        {
            Programs.SkipWithout("chromium");
            return _browser!;
        }
    }

    public async Task InitializeAsync()
    {
        if (Programs.Find("chromium") is not { Length: > 0 } chromium)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"], Timeout = Patience });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
