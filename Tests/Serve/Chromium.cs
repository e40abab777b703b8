using Microsoft.Playwright;

namespace FunctionalLeNet.Tests.Serve;

/// <summary>Debian's chromium, started once for all tests of a class and driven by Playwright; not where it is not installed.</summary>
public sealed class Chromium : IAsyncLifetime
{
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
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
