using Microsoft.Playwright;

namespace FunctionalLeNet.Tests.Serve;

/// <summary>The page, served and opened in a browser.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly RunningServer _server;

    private BrowserPage(RunningServer server, IPage page, List<string> requests, List<string> problems) => (_server, Page, Requests, Problems) = (server, page, requests, problems);

    public IPage Page { get; }

    /// <summary>Every address that was asked for.</summary>
    public List<string> Requests { get; }

    /// <summary>Errors of the page's script, and what its policy refused.</summary>
    public List<string> Problems { get; }

    public Uri Address => _server.Address;

    public static async Task<BrowserPage> Open(Chromium chromium, string directory, string named = "", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        var browser = chromium.Browser;
        var server = new RunningServer(directory, named);
        var page = await browser.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height }, HasTouch = width < 600 });
        // A machine may be busy with other tests.
        page.SetDefaultTimeout(Chromium.Patience);
        var (requests, problems) = (new List<string>(), new List<string>());
        page.Request += (_, request) => requests.Add(request.Url);
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, line) =>
        {
            if (line.Type is "error" or "warning")
                problems.Add($"{line.Text} {line.Location} {string.Join(' ', server.Lines)}");
        };
        await page.GotoAsync(server.Address.ToString());
        await page.WaitForFunctionAsync("() => document.getElementById('step-text').textContent !== ''");
        return new(server, page, requests, problems);
    }

    /// <summary>Draws strokes, points from 0 to 100, with the mouse.</summary>
    public async Task Draw(params (double X, double Y)[][] strokes)
    {
        var before = await Answers();
        var box = (await Page.Locator("#pad").BoundingBoxAsync())!;
        foreach (var stroke in strokes)
        {
            await Page.Mouse.MoveAsync(X(stroke[0]), Y(stroke[0]));
            await Page.Mouse.DownAsync();
            foreach (var point in stroke.Skip(1))
                await Page.Mouse.MoveAsync(X(point), Y(point), new() { Steps = 4 });
            await Page.Mouse.UpAsync();
        }

        await Settled(before);

        float X((double X, double Y) point) => (float)(box.X + (point.X / 100 * box.Width));
        float Y((double X, double Y) point) => (float)(box.Y + (point.Y / 100 * box.Height));
    }

    /// <summary>The digit that the page shows.</summary>
    public async Task<string> Digit() => (await Page.Locator("#digit").TextContentAsync())!;

    public async Task<int> Answers() => int.Parse((await Page.Locator("#digit").GetAttributeAsync("data-answers"))!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits until the page has answered and asks no more.</summary>
    public async Task Settled(int before) => await Page.WaitForFunctionAsync(
        "before => new Promise(done => { let last = -1; const look = () => { const now = +document.getElementById('digit').dataset.answers; if (now > before && now === last) done(true); else { last = now; setTimeout(look, 120); } }; look(); })",
        before);

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        _server.Dispose();
    }
}
